// A code behind the # of the address was never sent anywhere: it is put into the field, and taken out of the address.
"use strict";
const code = decodeURIComponent(location.hash.slice(1));
if (/^[A-Za-z0-9-]{4,40}$/.test(code)) {
  document.getElementById("code").value = code;
  history.replaceState(null, "", location.pathname);
}
