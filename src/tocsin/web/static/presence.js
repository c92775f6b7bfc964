// Says every 15 s that somebody has this room in front of them, and asks for a tap when they have been away.
const EVERY = 15000;
const AWAY_AFTER = 60000;
const room = document.getElementById("live").dataset.room;
const away = document.getElementById("away");
const page = crypto.randomUUID();
let told = Date.now();

function isInFront() {
  return document.visibilityState === "visible" && document.hasFocus();
}

async function beat() {
  try {
    const answer = await fetch(`${room}/beat`, { method: "POST", body: page });
    if (!answer.ok) return;
    told = Date.now();
    away.hidden = true;
  } catch {
    // Not live: the page says so elsewhere, and this is tried again.
  }
}

function look() {
  if (Date.now() - told > AWAY_AFTER) {
    away.hidden = false;
  } else if (isInFront() && Date.now() - told >= EVERY) {
    beat();
  }
}

away.querySelector("button").addEventListener("click", beat);
document.addEventListener("visibilitychange", look);
window.addEventListener("focus", look);
window.addEventListener("pagehide", () => navigator.sendBeacon(`${room}/left`, page));
setInterval(look, 1000);
if (isInFront()) beat();
