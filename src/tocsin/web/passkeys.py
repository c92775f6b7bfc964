"""Asking passkeys, and telling whether what they answer is for this very act; what follows is decided elsewhere.

Laws: an answer is taken once, within minutes, in the session that asked, for the one act that was asked about; and what
is taken here must hold by the record alone, or it is not taken.
"""

import asyncio
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import structlog
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

from tocsin.domain.errors import Refused
from tocsin.domain.house import Passkey
from tocsin.domain.people import Person
from tocsin.record.passkeys import Answer, Bound, base64url, from_base64url, verify_proof
from tocsin.service.credentials import Session
from tocsin.web.office import Office

log = structlog.get_logger()
PATIENCE_MILLISECONDS = 120_000
LONGEST_ANSWER = 16 * 1024
ENROLLING = "enrol a new one"
"""What a new passkey is made for; what it says is believed in the session alone."""
TOO_LATE = "That answer of your passkey is too old or was used already, so nothing was done. Press the button again."
NOT_FOR_THIS = (
    "Your passkey did not answer for what is asked here, so nothing was done. Look at the page, press the button again."
)
UNREADABLE = "What your browser sent of your passkey cannot be read, so nothing was done. Press the button again."
COUNTS_BACK = (
    "Your passkey says that it was used less often than it was: there may be a copy of it, so nothing was done."
    " Use another one, and remove this: /me/passkeys"
)


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A new passkey as its device told of it, and how often it was used."""

    credential: str
    public_key: str
    count: int


@dataclass(frozen=True, slots=True)
class Proven:
    """What vouches for an act: the passkey that was used, and its answer as the record keeps it."""

    credential: str
    proof: str


class Passkeys:
    """Asks and takes answers for one installation."""

    def __init__(self, office: Office) -> None:
        """Take what it works with; the library is loaded when somebody first has a passkey in hand."""
        self._office = office

    def of(self, person: Person) -> tuple[Passkey, ...]:
        """Return somebody's passkeys."""
        return self._office.requests.house.passkeys_of(person.id)

    def bound(self, person: Person, verb: str, about: str, check_word: str = "", team: str = "") -> Bound:
        """Return what an answer must be for."""
        return Bound(self._office.settings.origin, person.id, verb, about, check_word, team)

    def question(self, session: Session, bound: Bound) -> dict[str, object]:
        """Return what the browser asks a passkey that its person has; raises `Refused` where they have none."""
        mine = self._office.requests.house.passkeys_of(bound.person)
        if not mine:
            raise Refused(["You have no passkey here yet: enrol one, then say it again: /me/passkeys"])
        nonce = self._office.nonces.give(session.id, self._office.clock.now())
        asked = {
            "challenge": base64url(bound.challenge(nonce)),
            "rpId": self._office.settings.host_name,
            "allowCredentials": [{"type": "public-key", "id": each.credential} for each in mine],
            "userVerification": "required",
            "timeout": PATIENCE_MILLISECONDS,
        }
        return {"nonce": nonce, "publicKey": asked}

    async def invitation(self, session: Session, person: Person) -> dict[str, object]:
        """Return what the browser asks a device of which somebody wants to make a passkey."""
        library = await asyncio.to_thread(_library)
        nonce = self._office.nonces.give(session.id, self._office.clock.now())
        structs = library.helpers.structs
        options = library.generate_registration_options(
            rp_id=self._office.settings.host_name,
            rp_name=self._office.settings.name or self._office.settings.host_name,
            user_id=hashlib.sha256(f"tocsin {person.id}".encode()).digest(),
            user_name=str(person.id),
            challenge=self.bound(person, ENROLLING, "").challenge(nonce),
            timeout=PATIENCE_MILLISECONDS,
            authenticator_selection=structs.AuthenticatorSelectionCriteria(
                resident_key=structs.ResidentKeyRequirement.PREFERRED,
                user_verification=structs.UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=[
                structs.PublicKeyCredentialDescriptor(id=from_base64url(each.credential)) for each in self.of(person)
            ],
            supported_pub_key_algs=_algorithms(library),
        )
        return {"nonce": nonce, "publicKey": json.loads(library.options_to_json(options))}

    async def enrolled(self, session: Session, person: Person, told: str) -> Enrolled:
        """Return the new passkey that a device told of; raises `Refused`."""
        answer = _read(told)
        library = await asyncio.to_thread(_library)
        nonce = self._take(session, answer)
        try:
            verified = library.verify_registration_response(
                credential=answer.get("credential"),
                expected_challenge=self.bound(person, ENROLLING, "").challenge(nonce),
                expected_rp_id=self._office.settings.host_name,
                expected_origin=self._office.settings.origin,
                require_user_verification=True,
                supported_pub_key_algs=_algorithms(library),
            )
        except _faults(library) as error:
            log.warning("a new passkey was refused", person=person.id, why=str(error))
            raise Refused([NOT_FOR_THIS]) from error
        key = _public_key(library, verified.credential_public_key)
        return Enrolled(base64url(verified.credential_id), key, verified.sign_count)

    async def proven(self, session: Session, bound: Bound, told: str) -> Proven:
        """Return what vouches for an act, when a passkey answered for it and for nothing else; raises `Refused`."""
        answer = _read(told)
        library = await asyncio.to_thread(_library)
        nonce = self._take(session, answer)
        passkey = self._office.requests.house.passkey(_text(answer, "credential", "id"))
        if passkey is None or passkey.person != bound.person:
            raise Refused(["That passkey is none of yours here: use one that stands under /me/passkeys."])
        count = self._verified(library, answer, bound, nonce, passkey)
        kept = _kept(answer, nonce, bound.team)
        if why := verify_proof(kept.proof, passkey.public_key, bound):
            log.warning("an answer of a passkey would not hold by the record", person=bound.person, why=why)
            raise Refused([NOT_FOR_THIS])
        if not await asyncio.to_thread(self._office.devices.counted, passkey.credential, count):
            log.warning("a passkey counts backwards", person=bound.person, passkey=passkey.name)
            raise Refused([COUNTS_BACK])
        return Proven(passkey.credential, kept.proof)

    def _verified(
        self, library: ModuleType, answer: Mapping[str, Any], bound: Bound, nonce: str, passkey: Passkey
    ) -> int:
        """Return how often the passkey says that it was used; how that goes on is compared where it is kept."""
        try:
            verified = library.verify_authentication_response(
                credential=answer.get("credential"),
                expected_challenge=bound.challenge(nonce),
                expected_rp_id=self._office.settings.host_name,
                expected_origin=self._office.settings.origin,
                credential_public_key=_cose_key(library, passkey.public_key),
                credential_current_sign_count=0,
                require_user_verification=True,
            )
        except _faults(library) as error:
            log.warning("an answer of a passkey was refused", person=bound.person, verb=bound.verb, why=str(error))
            raise Refused([NOT_FOR_THIS]) from error
        return int(verified.new_sign_count)

    def _take(self, session: Session, answer: Mapping[str, Any]) -> str:
        nonce = _text(answer, "nonce")
        if not self._office.nonces.take(nonce, session.id, self._office.clock.now()):
            raise Refused([TOO_LATE])
        return nonce


def credential_in(told: str) -> str:
    """Return which passkey an answer says that it is of; raises `Refused` where it cannot be read."""
    return _text(_read(told), "credential", "id")


def _library() -> ModuleType:
    """Load what takes half a second at its first time, and what many installations never need."""
    import webauthn
    import webauthn.helpers.cose
    import webauthn.helpers.exceptions
    import webauthn.helpers.structs

    return webauthn


def _faults(library: ModuleType) -> tuple[type[Exception], ...]:
    """Whatever is wrong with what came from outside; where the library did not foresee it, plain kinds are raised."""
    return (library.helpers.exceptions.WebAuthnException, ValueError, TypeError, LookupError)


def _algorithms(library: ModuleType) -> list[Any]:
    known = library.helpers.cose.COSEAlgorithmIdentifier
    return [known.ECDSA_SHA_256, known.EDDSA, known.RSASSA_PKCS1_v1_5_SHA_256]


def _public_key(library: ModuleType, cose: bytes) -> str:
    """Return a key as every tool reads it: a DER SubjectPublicKeyInfo."""
    decoded = library.helpers.decode_credential_public_key(cose)
    key = library.helpers.decoded_public_key_to_cryptography(decoded)
    return base64url(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))


def _cose_key(library: ModuleType, public_key: str) -> bytes:
    """Return a key of the record as the library takes it: CBOR, by the numbers of RFC 9053."""
    key = load_der_public_key(from_base64url(public_key))
    if isinstance(key, EllipticCurvePublicKey):
        point = key.public_numbers()
        parts: dict[int, object] = {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32), -3: point.y.to_bytes(32)}
    elif isinstance(key, Ed25519PublicKey):
        parts = {1: 1, 3: -8, -1: 6, -2: key.public_bytes_raw()}
    else:
        assert isinstance(key, RSAPublicKey), "only keys of these kinds were ever enrolled"
        numbers = key.public_numbers()
        parts = {1: 3, 3: -257, -1: numbers.n.to_bytes(key.key_size // 8), -2: numbers.e.to_bytes(3)}
    encoded: bytes = library.helpers.encode_cbor(parts)
    return encoded


def _read(told: str) -> Mapping[str, Any]:
    try:
        answer = json.loads(told) if len(told) <= LONGEST_ANSWER else None
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict) or not isinstance(answer.get("credential"), dict):
        raise Refused([UNREADABLE])
    return answer


def _text(answer: Mapping[str, Any], *path: str) -> str:
    value: Any = answer
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    if not isinstance(value, str):
        raise Refused([UNREADABLE])
    return value


def _kept(answer: Mapping[str, Any], nonce: str, team: str) -> Answer:
    """Spell what came from outside anew, so that nothing else stands in the record between its parts."""
    where = {"credential": ("id",), "authenticator": ("response", "authenticatorData")}
    where |= {"client": ("response", "clientDataJSON"), "signature": ("response", "signature")}
    parts = {name: base64url(from_base64url(_text(answer, "credential", *path))) for name, path in where.items()}
    return Answer(nonce, team, **parts)
