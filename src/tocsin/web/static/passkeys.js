// Asks a passkey before a form that needs one is sent. Whatever goes wrong is told in one line below its button.
"use strict";

const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (each) => each.charCodeAt(0));
const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const named = (list) => (list ?? []).map((each) => ({ ...each, id: toBytes(each.id) }));

function told(form, words) {
  const line = form.querySelector("[data-told]");
  if (line) line.textContent = words;
}

async function question(form, address) {
  let answer;
  try {
    answer = await fetch(address, { method: "POST", body: new URLSearchParams(new FormData(form)) });
  } catch {
    throw new Error("The page cannot be reached now. Press the button again in a moment.");
  }
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error((said.reasons ?? ["The page cannot answer now. Press the button again."]).join(" "));
  return said;
}

async function enrolled(form) {
  const { nonce, publicKey } = await question(form, form.dataset.passkeyNew);
  const made = await navigator.credentials.create({
    publicKey: {
      ...publicKey,
      challenge: toBytes(publicKey.challenge),
      user: { ...publicKey.user, id: toBytes(publicKey.user.id) },
      excludeCredentials: named(publicKey.excludeCredentials),
    },
  });
  const { clientDataJSON, attestationObject } = made.response;
  const response = { clientDataJSON: toText(clientDataJSON), attestationObject: toText(attestationObject) };
  return JSON.stringify({ nonce, credential: { id: made.id, rawId: toText(made.rawId), type: made.type, response } });
}

async function asserted(form) {
  const { nonce, publicKey } = await question(form, form.dataset.passkey);
  const used = await navigator.credentials.get({
    publicKey: {
      ...publicKey,
      challenge: toBytes(publicKey.challenge),
      allowCredentials: named(publicKey.allowCredentials),
    },
  });
  const { clientDataJSON, authenticatorData, signature } = used.response;
  const response = {
    clientDataJSON: toText(clientDataJSON),
    authenticatorData: toText(authenticatorData),
    signature: toText(signature),
  };
  return JSON.stringify({ nonce, credential: { id: used.id, rawId: toText(used.rawId), type: used.type, response } });
}

function why(error, form) {
  const code = form.elements.code ? " Or type a one-time code." : "";
  if (error.name === "InvalidStateError") return "This device has a passkey of yours here already.";
  if (error.name === "NotAllowedError") return `No passkey answered: cancelled, or too late. Press the button again.${code}`;
  if (error.name === "SecurityError" || error.name === "NotSupportedError")
    return `This browser gives no passkey to this page.${code}`;
  return error.message;
}

async function ask(form) {
  if (!window.PublicKeyCredential) throw new DOMException("", "NotSupportedError");
  if (form.dataset.passkeyNew) form.elements.credential.value = await enrolled(form);
  if (form.dataset.passkey) form.elements.assertion.value = await asserted(form);
}

window.addEventListener("pageshow", (event) => event.persisted && location.reload());
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.dataset.passkey && !form.dataset.passkeyNew) return;
  if (form.elements.code?.value.trim() && !form.dataset.passkeyNew) return; // a code is enough, where one can be typed
  event.preventDefault();
  if (form.dataset.asking) return;
  form.dataset.asking = "yes";
  told(form, "Your device asks for your passkey.");
  try {
    await ask(form);
    form.submit();
  } catch (error) {
    told(form, why(error, form));
    delete form.dataset.asking;
  }
});
