// Calls whoever switched it on in this browser: a sound and a notification when they are needed and were not before.
const KEPT = "tocsin-call-me";
const TONES = [[660, 0], [880, 0.25], [660, 0.5]]; // hertz, and seconds from the beginning
const WORKER = "/notify/worker.js";
const ROOM = document.getElementById("live")?.dataset.room || "/";
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

function mayNotify() {
  return typeof Notification !== "undefined" && Notification.permission === "granted";
}

// On a telephone only a worker may notify. There is one only while this is on, and it stands before no page.
async function employ() {
  try {
    const worker = await navigator.serviceWorker?.register(WORKER);
    if (worker?.active) await worker.update();
  } catch {
    // Without it a page notifies by itself, where it may.
  }
}

async function dismiss() {
  await (await navigator.serviceWorker?.getRegistration(WORKER))?.unregister();
}

async function notify() {
  if (!mayNotify()) return;
  const words = { body: document.title, tag: ROOM, renotify: true, requireInteraction: true, data: ROOM };
  try {
    const worker = await navigator.serviceWorker?.getRegistration(WORKER);
    if (worker?.active) return await worker.showNotification("You are needed", words);
    new Notification("You are needed", words).addEventListener("click", () => window.focus());
  } catch {
    // The sound is what is left.
  }
}

function show() {
  const on = isOn();
  button.setAttribute("aria-pressed", String(on));
  button.hidden = false;
  if (!on) how.textContent = "";
  else how.textContent = mayNotify() ? "On, by a sound and a notification, while this page is open." : "On, by a sound, while this page is open. This browser shows no notifications for it.";
}

button.addEventListener("click", async () => {
  localStorage.setItem(KEPT, isOn() ? "off" : "on");
  if (isOn()) ring();
  if (isOn() && typeof Notification !== "undefined") await Notification.requestPermission();
  show();
  if (isOn() && mayNotify()) await employ();
  if (!isOn()) await dismiss();
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
if (isOn() && mayNotify()) employ();
