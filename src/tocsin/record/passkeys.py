"""What a passkey was asked, what it answered, and whether that holds: all of it can be told from the record alone.

Laws: a passkey signs one act of one person, on one page, for one thing, and no other; a signature counts only by a key
that was enrolled for that person before, and is theirs still.
"""

import base64
import binascii
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from hashlib import sha256
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from tocsin.domain import events as e
from tocsin.domain.house import House, evolve_house
from tocsin.domain.people import PersonId, Surface, TeamId
from tocsin.domain.policy import Fresh
from tocsin.domain.recorded import Recorded, StreamId

TITLE = "tocsin passkey 1"
PRESENT, VERIFIED = 0x01, 0x04
"""Bits that an authenticator sets: somebody was there, and it made sure who (finger, face, number)."""
HASH_BYTES, FLAGS_AT, LEAST_BYTES = 32, 32, 37
_BEGINS = "passkey "


@dataclass(frozen=True, slots=True)
class Bound:
    """What one answer of a passkey is good for: one act (`verb`) of a person on a page, `about` one thing.

    A confirmation is about a request, with the check word that is confirmed and the team that was named, if any.
    """

    origin: str
    person: PersonId
    verb: str
    about: str
    check_word: str = ""
    team: str = ""

    def text(self, nonce: str) -> str:
        """Return it as it is hashed: line by line, with the number that makes it good once."""
        lines = ((name, getattr(self, name)) for name in ("origin", "person", "verb", "about", "check_word", "team"))
        return "\n".join([TITLE, f"nonce: {nonce}", *(f"{name.replace('_', ' ')}: {value}" for name, value in lines)])

    def challenge(self, nonce: str) -> bytes:
        """Return what the passkey signs."""
        return sha256(self.text(nonce).encode()).digest()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a passkey answered, as the record keeps it; all but the nonce and the team is base64url."""

    nonce: str
    team: str
    credential: str
    authenticator: str
    client: str
    signature: str

    @property
    def proof(self) -> str:
        """Return it as the proof of an act."""
        return _BEGINS + " ".join(f"{each.name}={getattr(self, each.name)}" for each in fields(self))


def answer_in(proof: str) -> Answer | None:
    """Return the answer that stands at the end of an act's proof, if one does."""
    last = proof.rpartition("; ")[2]
    if not last.startswith(_BEGINS):
        return None
    parts = dict(part.partition("=")[::2] for part in last.removeprefix(_BEGINS).split(" "))
    return Answer(**parts) if parts.keys() == {each.name for each in fields(Answer)} else None


def verify_proof(proof: str, public_key: str, expected: Bound) -> str:
    """Return in one sentence why a proof is none for this act; empty when it holds."""
    answer = answer_in(proof)
    if answer is None:
        return "No passkey answered."
    try:
        authenticator, client = from_base64url(answer.authenticator), from_base64url(answer.client)
        signature, key = from_base64url(answer.signature), from_base64url(public_key)
    except ValueError:
        return "What the passkey answered cannot be read."
    return (
        _flaw_of_client(client, expected, answer.nonce)
        or _flaw_of_authenticator(authenticator, expected)
        or _flaw_of_signature(key, signature, authenticator + sha256(client).digest())
    )


@dataclass(frozen=True, slots=True)
class Flaw:
    """An act in the record whose passkey did not vouch for it."""

    position: int
    sentence: str


def flaws(recorded: Iterable[Recorded], origin: str) -> Iterator[Flaw]:
    """Look again at every act that takes a passkey, with the keys as they were then: a whole record, in order."""
    house, asking = House(), set[StreamId]()
    for each in recorded:
        if isinstance(each.event, e.RequestOpened | e.TargetSettled | e.RequestRenewed):
            (asking.add if each.event.policy.fresh is Fresh.PASSKEY else asking.discard)(each.stream)
        if bound := _bound(each, origin):
            asked = each.stream in asking and each.origin.surface is Surface.PAGE
            if sentence := _flaw(each, house, bound, asked=asked or _takes_passkey(each.event, house)):
                yield Flaw(each.position, sentence)
        if isinstance(each.event, e.HouseEvent):
            house = evolve_house(house, each.event, each.at)


def base64url(raw: bytes) -> str:
    """Return bytes as WebAuthn spells them, without the signs that fill up."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def from_base64url(text: str) -> bytes:
    """Read them; raises `ValueError`."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError) as broken:
        raise ValueError("not base64url") from broken


def _flaw(each: Recorded, house: House, bound: Bound, *, asked: bool) -> str:
    answer = answer_in(each.origin.proof)
    if answer is None:
        return "No passkey answered." if asked else ""
    passkey = house.passkey(answer.credential)
    if passkey is None or passkey.person != bound.person:
        return f"The passkey was none of {bound.person} then."
    return verify_proof(each.origin.proof, passkey.public_key, bound)


def _takes_passkey(event: e.Event, house: House) -> bool:
    match event:
        case e.PasskeyEnrolled():
            return event.how is e.Enrolment.WITH_OLDER
        case e.PasskeyRemoved():
            return not event.replaced
        case e.PasskeyVouched():
            return bool(house.passkeys_of(event.by))
        case e.RestoreSupported():
            return event.by == event.person
        case _:
            return False


def _bound(each: Recorded, origin: str) -> Bound | None:
    """Return what a passkey had to sign for an event, where one could."""
    match each.event:
        case e.ConfirmationGiven(person=person, teams=teams, check_word=word):
            return Bound(origin, person, "confirm", each.stream, word, _team_named(each.origin.proof, teams))
        case e.PasskeyEnrolled(person=person, credential=credential):
            return Bound(origin, person, "enrol", credential)
        case e.PasskeyRemoved(person=person, credential=credential, replaced=False):
            return Bound(origin, person, "remove", credential)
        case e.PasskeyVouched(person=person, by=by):
            return Bound(origin, by, "vouch", person)
        case e.RestoreSupported(person=person, by=by) if by == person:
            return Bound(origin, person, "restore", person)
        case _:
            return None


def _team_named(proof: str, counted: frozenset[TeamId]) -> str:
    """The team is named only by who has several; then the yes was counted for that one alone."""
    answer = answer_in(proof)
    named = answer.team if answer else ""
    return named if not named or counted == {named} else " or ".join(sorted(counted))


def _flaw_of_client(client: bytes, expected: Bound, nonce: str) -> str:
    try:
        told = json.loads(client)
    except ValueError:
        return "What the browser told the passkey cannot be read."
    if not isinstance(told, dict) or told.get("type") != "webauthn.get":
        return "The passkey was asked for something else."
    if told.get("origin") != expected.origin or told.get("crossOrigin"):
        return "The passkey was asked by another page."
    if told.get("challenge") != base64url(expected.challenge(nonce)):
        return "The passkey was asked about another act."
    return ""


def _flaw_of_authenticator(said: bytes, expected: Bound) -> str:
    host = urlsplit(expected.origin).hostname or ""
    if len(said) < LEAST_BYTES or said[:HASH_BYTES] != sha256(host.encode()).digest():
        return "The passkey is for another site."
    if not said[FLAGS_AT] & PRESENT or not said[FLAGS_AT] & VERIFIED:
        return "The passkey did not make sure who used it."
    return ""


def _flaw_of_signature(key: bytes, signature: bytes, signed: bytes) -> str:
    try:
        _check(key)(signature, signed)
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        return "The signature is not by this key."
    return ""


def _check(key: bytes) -> Callable[[bytes, bytes], None]:
    """Return how a key checks a signature; raises `ValueError` for a key that passkeys here do not have."""
    public = load_der_public_key(key)
    if isinstance(public, EllipticCurvePublicKey) and isinstance(public.curve, SECP256R1):
        return lambda signature, signed: public.verify(signature, signed, ECDSA(SHA256()))
    if isinstance(public, RSAPublicKey):
        return lambda signature, signed: public.verify(signature, signed, PKCS1v15(), SHA256())
    if isinstance(public, Ed25519PublicKey):
        return public.verify
    raise ValueError("a key of another kind")
