// Calls whoever switched it on in this browser: a sound and a notification when they are needed and were not before.
const KEPT = "tocsin-call-me";
const TONES = [[660, 0], [880, 0.25], [660, 0.5]]; // hertz, and seconds from the beginning
const button = document.getElementById("call-me");
const how = document.getElementById("call-how");
let sound = null;
let wasNeeded = isNeeded();

function isNeeded() {
  return document.querySelector("main [data-needed=yes]") !== null;
}

function isOn() {
  return localStorage.getItem(KEPT) === "on";
}

// Browsers let a page sound only after somebody has touched it: until then this is silent, and says so.
function ring() {
  sound ??= new AudioContext();
  sound.resume();
  for (const [pitch, after] of TONES) {
    const tone = new OscillatorNode(sound, { frequency: pitch });
    const loudness = new GainNode(sound, { gain: 0.2 });
    tone.connect(loudness).connect(sound.destination);
    tone.start(sound.currentTime + after);
    tone.stop(sound.currentTime + after + 0.2);
  }
}

function notify() {
  if (typeof Notification === "undefined" || Notification.permission !== "granted") return;
  try {
    const shown = new Notification("You are needed", { body: document.title, tag: location.pathname, requireInteraction: true });
    shown.addEventListener("click", () => window.focus());
  } catch {
    // On a telephone a page may not notify by itself; the sound is what is left.
  }
}

function show() {
  const on = isOn();
  const told = typeof Notification !== "undefined" && Notification.permission === "granted";
  button.setAttribute("aria-pressed", String(on));
  button.hidden = false;
  if (!on) how.textContent = "";
  else how.textContent = told ? "On, by a sound and a notification, while this page is open." : "On, by a sound, while this page is open. This browser shows no notifications for it.";
}

button.addEventListener("click", async () => {
  localStorage.setItem(KEPT, isOn() ? "off" : "on");
  if (isOn()) ring();
  if (isOn() && typeof Notification !== "undefined") await Notification.requestPermission();
  show();
});
document.addEventListener("pointerdown", () => isOn() && (sound ??= new AudioContext()).resume(), { once: true });
new MutationObserver(() => {
  const needed = isNeeded();
  if (needed && !wasNeeded && isOn()) {
    ring();
    notify();
  }
  wasNeeded = needed;
}).observe(document.querySelector("main"), { subtree: true, childList: true, attributes: true, attributeFilter: ["data-needed"] });
show();
