// Sees that the page is live, and says so while it is not: it has gone silent, the network is gone, the server restarts.
"use strict";

const SILENT_AFTER = 2500; // the server says something every second
const AGAIN_EVERY = 1700; // a little more than one attempt to connect may take
const stream = document.getElementById("live");
const stale = document.getElementById("stale");
let heard = Date.now();
let tried = 0;
let right = null;

function hear() {
  heard = Date.now();
  right = new Date();
  if (!stale.hidden) stale.hidden = true;
}

function again() {
  tried = Date.now();
  const connection = stream._htmx?.sse;
  if (connection) {
    connection.delayCanceller?.();
    connection.reader?.cancel();
  } else {
    htmx.ajax("GET", stream.getAttribute("hx-sse:connect"), { source: stream, swap: "none", timeout: SILENT_AFTER });
  }
}

function look() {
  if (Date.now() - heard < SILENT_AFTER) return;
  const since = right ? ` Last right at ${right.toLocaleTimeString()}.` : "";
  const words = `Not live.${since} Trying again\u2026`;
  if (stale.textContent !== words) stale.textContent = words;
  stale.hidden = false;
  if (Date.now() - tried > AGAIN_EVERY) again();
}

document.addEventListener("htmx:sse:before:message", (event) => {
  hear();
  if (event.detail.message.event === "gone") location.reload();
});
// There is no such page any more, or none that this visitor may see: load it again, and it says so.
document.addEventListener("htmx:sse:error", (event) => event.detail.status === 404 && location.reload());
document.addEventListener("htmx:after:request", (event) => event.detail.ctx?.response?.status === 404 && location.reload());
document.addEventListener("htmx:sse:after:message", () => tick());
document.addEventListener("visibilitychange", () => document.hidden || look());
window.addEventListener("online", again);
window.addEventListener("pageshow", (event) => event.persisted && location.reload());
setInterval(look, 250);

// A finger on its way to one button must not press another that takes its place just then. Stopping never waits.
const SETTLES = 800;
const AT_ONCE = /\/(stop|hold|abort)$/;
const first = () => document.querySelector("#acts .first");
const saying = (form) => form && `${form.action} ${form.querySelector("button").textContent}`;
let says = saying(first());
let settled = 0;
let settling;
const waits = (form) => Date.now() < settled && form === first() && !AT_ONCE.test(form.action);

function show() {
  const form = first();
  form?.querySelector("button").setAttribute("aria-disabled", waits(form));
}

function settle() {
  if (saying(first()) !== says) {
    says = saying(first());
    settled = Date.now() + SETTLES;
    clearTimeout(settling);
    settling = setTimeout(show, SETTLES);
  }
  show();
}

const changes = { subtree: true, childList: true, characterData: true, attributeFilter: ["action"] };
new MutationObserver(settle).observe(document.getElementById("main"), changes);
document.addEventListener(
  "submit",
  (event) => {
    if (!waits(event.target)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  },
  true,
);
