// Keeps times in the reader's zone and fresh, and shows in title and icon whether somebody is needed. The page is right
// without it.
"use strict";

const plain = document.title;
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

// In the reader's zone, with UTC beside it where that is another; to the minute where only the day matters.
function shownAt(at, kind) {
  const seconds = kind === "day" ? {} : { second: "2-digit" };
  const local = at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23", ...seconds });
  const today = at.toDateString() === new Date().toDateString();
  const date = today ? "" : `${at.toLocaleDateString([], { weekday: "short", day: "numeric", month: "short", ...yearOf(at) })}, `;
  const utc = at.toISOString();
  const beside = at.getTimezoneOffset() === 0 ? " UTC" : ` (${utc.slice(11, kind === "day" ? 16 : 19)} UTC)`;
  return `${date}${local}${beside}`;
}

function yearOf(at) {
  return at.getFullYear() === new Date().getFullYear() ? {} : { year: "numeric" };
}

function inWords(time) {
  const at = new Date(time.dateTime);
  const left = (at - Date.now()) / 1000;
  if (time.dataset.kind === "ago") return `${lasting(-left)} ago, ${shownAt(at, -left < 86400 ? "" : "day")}`;
  if (time.dataset.kind === "until") return `${left > 0 ? `in ${lasting(left)}` : "now"}, ${shownAt(at, "")}`;
  return shownAt(at, time.dataset.kind);
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
  document.title = `${needed ? "\u25cf " : ""}${head ? head.dataset.title : plain}`;
}

tick();
setInterval(tick, 1000);
