"""A passkey in software: makes keys and signs as a device does, and lies where a test wants it to."""

import json
import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import httpx2
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import encode_cbor

from tests.web.forms import Form
from tocsin.record.passkeys import PRESENT, VERIFIED, base64url

ATTESTED = 0x40


@dataclass
class Authenticator:
    """One device with one key."""

    origin: str
    host: str = "localhost"
    flags: int = PRESENT | VERIFIED
    count: int = 0
    counts: bool = True
    key: EllipticCurvePrivateKey = field(default_factory=lambda: generate_private_key(SECP256R1()))
    raw_id: bytes = field(default_factory=lambda: secrets.token_bytes(16))

    @property
    def credential(self) -> str:
        return base64url(self.raw_id)

    def make(self, invitation: dict[str, Any]) -> str:
        """Answer an invitation as `navigator.credentials.create` does, spelled as the page's script does."""
        attested = bytes(16) + len(self.raw_id).to_bytes(2, "big") + self.raw_id + self._cose_key()
        data = self._data(ATTESTED) + attested
        attestation = encode_cbor({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", invitation["publicKey"]["challenge"])
        response = {"clientDataJSON": base64url(client), "attestationObject": base64url(attestation)}
        return self._spelled(invitation, response)

    def sign(self, question: dict[str, Any]) -> str:
        """Answer a question as `navigator.credentials.get` does."""
        if self.counts:
            self.count += 1
        client, data = self._client("webauthn.get", question["publicKey"]["challenge"]), self._data(0)
        signature = self.key.sign(data + sha256(client).digest(), ECDSA(SHA256()))
        parts = {"clientDataJSON": client, "authenticatorData": data, "signature": signature}
        return self._spelled(question, {name: base64url(value) for name, value in parts.items()})

    def _spelled(self, asked: dict[str, Any], response: dict[str, str]) -> str:
        known = {"id": self.credential, "rawId": self.credential, "type": "public-key", "response": response}
        return json.dumps({"nonce": asked["nonce"], "credential": known})

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}).encode()

    def _data(self, more: int) -> bytes:
        host = sha256(self.host.encode()).digest()
        return host + bytes([self.flags | more]) + self.count.to_bytes(4, "big")

    def _cose_key(self) -> bytes:
        point = self.key.public_key().public_numbers()
        return encode_cbor({1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")})


async def ask(browser: httpx2.AsyncClient, address: str, fields: dict[str, str]) -> dict[str, Any]:
    """Ask the page what to ask a passkey."""
    answer = await browser.post(address, data=fields)
    assert answer.status_code == 200, answer.text
    question: dict[str, Any] = answer.json()
    return question


async def enrol(
    browser: httpx2.AsyncClient, new: Authenticator, name: str = "telephone", older: Authenticator | None = None
) -> httpx2.Response:
    """Enrol a passkey as the page's script does."""
    fields = {"change": "enrol", "name": name}
    fields["credential"] = new.make(await ask(browser, "/me/passkeys/new", fields))
    if older:
        fields["assertion"] = older.sign(await ask(browser, "/me/passkeys/question", fields))
    return await browser.post("/me/passkeys", data=fields)


async def sign_form(browser: httpx2.AsyncClient, form: Form, passkey: Authenticator, address: str) -> dict[str, str]:
    """Return the fields of a form with the answer of a passkey in them."""
    return {**form.fields, "assertion": passkey.sign(await ask(browser, address, form.fields))}
