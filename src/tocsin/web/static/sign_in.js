// A code behind the # of the address was never sent anywhere: it is put into the field, and taken out of the address.
"use strict";
const field = document.getElementById("code");
const code = decodeURIComponent(location.hash.slice(1));
if (/^[A-Za-z0-9-]{4,40}$/.test(code) && field) {
  field.value = code;
  history.replaceState(null, "", location.pathname);
}
