// Leads whoever touches a notification to the room that it is about. It stands before no page, keeps none and fetches
// nothing: a telephone wants a worker for its notifications, and this is all that it does.
"use strict";

const isAt = (path, address) => path === address || (address !== "/" && path.startsWith(`${address}/`));

async function lead(address) {
  const open = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = open.find((each) => isAt(new URL(each.url).pathname, address));
  return there ? there.focus() : self.clients.openWindow(address);
}

self.addEventListener("notificationclick", (event) => {
  const address = new URL(event.notification.data, self.location.origin);
  event.notification.close();
  if (address.origin === self.location.origin) event.waitUntil(lead(address.pathname));
});
