// Sees that the page is live, and says so while it is not: it has gone silent, the network is gone, the server restarts.
"use strict";

const SILENT_AFTER = 2500; // the server says something every second
const stream = document.getElementById("live");
const stale = document.getElementById("stale");
let heard = Date.now();
let right = null;

function hear() {
  heard = Date.now();
  right = new Date();
  if (!stale.hidden) stale.hidden = true;
}

function doubt() {
  if (Date.now() - heard < SILENT_AFTER) return;
  const since = right ? ` Last right at ${right.toLocaleTimeString()}.` : "";
  const words = `Not live.${since} Trying again\u2026`;
  if (stale.textContent !== words) stale.textContent = words;
  stale.hidden = false;
}

function again() {
  heard = Math.min(heard, Date.now() - SILENT_AFTER + 700);
  const connection = stream._htmx?.sse;
  if (connection) {
    connection.attempt = Math.min(connection.attempt, 1);
    connection.delayCanceller?.();
    connection.reader?.cancel();
  }
}

document.addEventListener("htmx:sse:before:message", (event) => {
  hear();
  if (event.detail.message.event === "gone") location.reload();
});
document.addEventListener("htmx:sse:after:message", () => tick());
document.addEventListener("visibilitychange", () => document.hidden || again());
window.addEventListener("online", again);
window.addEventListener("pageshow", (event) => event.persisted && location.reload());
setInterval(() => {
  doubt();
  if (Date.now() - heard > 2 * SILENT_AFTER) {
    again();
    heard = Date.now() - SILENT_AFTER;
  }
}, 500);
