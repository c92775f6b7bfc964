// Keeps times in the reader's zone and fresh, and shows in title and icon whether somebody is needed. The page is right
// without it.
"use strict";

const parts = [["day", 86400], ["h", 3600], ["min", 60], ["s", 1]];

function lasting(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  const at = parts.findIndex(([, size]) => whole >= size);
  if (at < 0) return "0 s";
  const [unit, size] = parts[at];
  const count = Math.floor(whole / size);
  const rest = parts[at + 1] ? Math.floor((whole % size) / parts[at + 1][1]) : 0;
  const first = unit === "day" ? `${count} day${count === 1 ? "" : "s"}` : `${count} ${unit}`;
  return rest ? `${first} ${rest} ${parts[at + 1][0]}` : first;
}

function inWords(time) {
  const at = new Date(time.dateTime);
  const utc = `${at.toISOString().slice(11, 16)} UTC`;
  const local = at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit" });
  const today = at.toDateString() === new Date().toDateString();
  const shown = `${today ? "" : `${at.toLocaleDateString()} `}${local} (${utc})`;
  const left = (at - Date.now()) / 1000;
  if (time.dataset.kind === "ago") return `${lasting(-left)} ago, ${shown}`;
  if (time.dataset.kind === "until") return left > 0 ? `in ${lasting(left)}, ${shown}` : `now, ${shown}`;
  return shown;
}

function tick() {
  for (const time of document.querySelectorAll("time[datetime]")) {
    const words = inWords(time);
    if (time.textContent !== words) time.textContent = words;
  }
  const head = document.getElementById("head");
  const needed = document.querySelector("[data-needed=yes]") !== null;
  const icon = document.getElementById("icon");
  const wanted = needed ? icon.dataset.needed : icon.dataset.calm;
  if (icon.getAttribute("href") !== wanted) icon.setAttribute("href", wanted);
  if (head) document.title = `${needed ? "\u25cf " : ""}${head.dataset.title}`;
}

tick();
setInterval(tick, 1000);
