"""What a passkey answered is told from the record alone, by whichever kind of key, and nothing else passes for it."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from itertools import count

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.domain.night import BEGIN, BOTH, RELENG, SRE
from tocsin.domain import events as e
from tocsin.domain.people import PersonId, Roster, Surface, TeamId
from tocsin.domain.policy import Fresh
from tocsin.domain.recorded import HOUSE, Origin, Recorded, StreamId
from tocsin.record.passkeys import Answer, Bound, Flaw, answer_in, base64url, flaws, from_base64url, verify_proof

BO, MO = PersonId("bo-sre"), PersonId("mo-sre")
PAGE = "https://tocsin.example.org"
YES = Bound(PAGE, BO, "confirm", "E17", "plum-otter")
Sign = Callable[[bytes], bytes]


def elliptic() -> tuple[str, Sign]:
    key = ec.generate_private_key(ec.SECP256R1())
    return spelled(key.public_key()), lambda signed: key.sign(signed, ec.ECDSA(SHA256()))


def edwards() -> tuple[str, Sign]:
    key = ed25519.Ed25519PrivateKey.generate()
    return spelled(key.public_key()), key.sign


def factored() -> tuple[str, Sign]:
    key = rsa.generate_private_key(65537, 2048)
    return spelled(key.public_key()), lambda signed: key.sign(signed, padding.PKCS1v15(), SHA256())


def spelled(key: ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey | rsa.RSAPublicKey) -> str:
    return base64url(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))


KEY, SIGN = elliptic()


def answered(  # what a browser and a device say, and how each may lie
    bound: Bound,
    sign: Sign = SIGN,
    flags: int = 0x05,
    host: str = "tocsin.example.org",
    credential: str = "Ym8",
    **client: object,
) -> str:
    """Return the proof of an act for which a passkey answered."""
    told = {
        "type": "webauthn.get",
        "challenge": base64url(bound.challenge("n1")),
        "origin": bound.origin,
        "crossOrigin": False,
        **client,
    }
    spoken = json.dumps(told).encode()
    said = sha256(host.encode()).digest() + bytes([flags]) + bytes(4)
    signature = sign(said + sha256(spoken).digest())
    answer = Answer("n1", bound.team, credential, base64url(said), base64url(spoken), base64url(signature))
    return f"session by a test; {answer.proof}"


@pytest.mark.parametrize("kind", [elliptic, edwards, factored])
def test_a_signature_of_every_kind_of_key_that_devices_have_holds_and_another_key_s_does_not(
    kind: Callable[[], tuple[str, Sign]],
) -> None:
    key, sign = kind()
    assert verify_proof(answered(YES, sign), key, YES) == ""
    assert verify_proof(answered(YES, sign), kind()[0], YES) == "The signature is not by this key."


def test_what_is_signed_is_text_that_people_can_read() -> None:
    assert replace(YES, team="sre").text("n1").splitlines() == [
        "tocsin passkey 1",
        "nonce: n1",
        "origin: https://tocsin.example.org",
        "person: bo-sre",
        "verb: confirm",
        "about: E17",
        "check word: plum-otter",
        "team: sre",
    ]


@pytest.mark.parametrize(
    "other",
    [
        replace(YES, person=MO),
        replace(YES, verb="remove"),
        replace(YES, about="E18"),
        replace(YES, check_word="mild-heron"),
        replace(YES, team="sre"),
    ],
)
def test_an_answer_holds_for_no_other_act(other: Bound) -> None:
    assert verify_proof(answered(YES), KEY, other) == "The passkey was asked about another act."


@pytest.mark.parametrize(
    ("proof", "said"),
    [
        (answered(YES, type="webauthn.create"), "The passkey was asked for something else."),
        (answered(YES, origin="https://elsewhere.example.org"), "The passkey was asked by another page."),
        (answered(YES, crossOrigin=True), "The passkey was asked by another page."),
        (answered(YES, host="elsewhere.example.org"), "The passkey is for another site."),
        (answered(YES, flags=0x01), "The passkey did not make sure who used it."),
        (answered(YES, flags=0x04), "The passkey did not make sure who used it."),
        ("session by a test", "No passkey answered."),
        ("session by a test; passkey nonce=n1", "No passkey answered."),
        (Answer("n1", "", "Ym8", "!", "AA", "AA").proof, "What the passkey answered cannot be read."),
        (Answer("n1", "", "Ym8", "AA", "AA", "AA").proof, "What the browser told the passkey cannot be read."),
        (Answer("n1", "", "Ym8", "AA", base64url(b"[]"), "AA").proof, "The passkey was asked for something else."),
    ],
)
def test_whatever_is_wrong_with_an_answer_has_a_sentence(proof: str, said: str) -> None:
    assert verify_proof(proof, KEY, YES) == said


def test_an_authenticator_that_says_too_little_is_none() -> None:
    answer = answer_in(answered(YES))
    assert answer is not None
    short = replace(answer, authenticator=base64url(from_base64url(answer.authenticator)[:36]))
    assert verify_proof(short.proof, KEY, YES) == "The passkey is for another site."


@pytest.mark.parametrize("key", ["AA", "!", spelled(ec.generate_private_key(ec.SECP384R1()).public_key())])
def test_a_key_of_another_kind_verifies_nothing(key: str) -> None:
    assert verify_proof(answered(YES), key, YES) != ""


# --- a whole record ---------------------------------------------------------------------------------------------------


def written(*acts: tuple[str, e.Event, str]) -> list[Recorded]:
    """Return a record: each event with its stream and proof, as said on the page by whom it is about."""
    numbers = count(1)
    return [
        Recorded(
            number := next(numbers),
            StreamId(stream),
            number,
            BEGIN + timedelta(seconds=number),
            Origin("somebody", Surface.PAGE, proof=proof),
            event,
        )
        for stream, event, proof in acts
    ]


def enrolled(person: PersonId = BO, credential: str = "Ym8", how: e.Enrolment = e.Enrolment.FIRST) -> e.PasskeyEnrolled:
    return e.PasskeyEnrolled(person, credential, KEY, f"the key {credential}", how)


def given(*teams: TeamId) -> e.ConfirmationGiven:
    return e.ConfirmationGiven(BO, frozenset(teams or (SRE,)), frozenset(), "plum-otter", "")


FIRST = (HOUSE, enrolled(), "session by a test")


def sentences(*acts: tuple[str, e.Event, str]) -> list[Flaw]:
    return list(flaws(written(*acts), PAGE))


def settled(fresh: Fresh) -> e.RequestRenewed:
    """Return an event that says which policy holds from now on."""
    return e.RequestRenewed(BO, replace(BOTH, fresh=fresh), Roster())


def test_every_act_that_takes_a_passkey_is_looked_at_with_the_keys_of_that_moment() -> None:
    yes = ("E17", given(), answered(YES))
    assert sentences(FIRST, yes) == []
    assert sentences(yes) == [Flaw(1, "The passkey was none of bo-sre then.")]
    assert sentences((HOUSE, enrolled(MO), ""), yes) == [Flaw(2, "The passkey was none of bo-sre then.")]
    assert sentences(FIRST, ("E18", given(), answered(YES))) == [Flaw(2, "The passkey was asked about another act.")]


def test_a_yes_for_one_team_holds_for_that_team_alone() -> None:
    named = answered(replace(YES, team="sre"))
    assert sentences(FIRST, ("E17", given(SRE), named)) == []
    assert sentences(FIRST, ("E17", given(RELENG), named)) == [Flaw(2, "The passkey was asked about another act.")]
    assert sentences(FIRST, ("E17", given(SRE, RELENG), answered(YES))) == []


def test_where_the_policy_asked_for_a_passkey_a_yes_on_the_page_without_one_is_a_flaw() -> None:
    yes = ("E17", given(), "session by a test")
    assert sentences(FIRST, yes) == []
    assert sentences(("E17", settled(Fresh.PASSKEY), ""), yes) == [Flaw(2, "No passkey answered.")]
    assert sentences(("E17", settled(Fresh.PASSKEY), ""), ("E17", settled(Fresh.NONE), ""), yes) == []
    on_irc = written(("E17", settled(Fresh.PASSKEY), ""), yes)
    on_irc[1] = replace(on_irc[1], origin=Origin("bo", Surface.IRC))
    assert list(flaws(on_irc, PAGE)) == []


def test_enrolling_removing_and_vouching_are_looked_at_too() -> None:
    second = enrolled(credential="dHdv", how=e.Enrolment.WITH_OLDER)
    proof = answered(Bound(PAGE, BO, "enrol", "dHdv"))
    assert sentences(FIRST, (HOUSE, second, proof)) == []
    assert sentences(FIRST, (HOUSE, second, "")) == [Flaw(2, "No passkey answered.")]
    gone = e.PasskeyRemoved(BO, "Ym8", "the key")
    assert sentences(FIRST, (HOUSE, gone, answered(Bound(PAGE, BO, "remove", "Ym8")))) == []
    assert sentences(FIRST, (HOUSE, gone, "")) == [Flaw(2, "No passkey answered.")]
    assert sentences(FIRST, (HOUSE, replace(gone, replaced=True), "")) == []
    word = e.PasskeyVouched(MO, BO, "we spoke")
    assert sentences(FIRST, (HOUSE, word, answered(Bound(PAGE, BO, "vouch", "mo-sre")))) == []
    assert sentences(FIRST, (HOUSE, word, "")) == [Flaw(2, "No passkey answered.")]
    assert sentences((HOUSE, word, "")) == []


def test_coming_back_by_a_passkey_is_looked_at_too_and_a_members_word_for_somebody_takes_none() -> None:
    back = e.RestoreSupported(BO, BO, BEGIN)
    assert sentences(FIRST, (HOUSE, back, answered(Bound(PAGE, BO, "restore", "bo-sre")))) == []
    assert sentences(FIRST, (HOUSE, back, "")) == [Flaw(2, "No passkey answered.")]
    another = answered(Bound(PAGE, BO, "restore", "mo-sre"))
    assert sentences(FIRST, (HOUSE, back, another)) == [Flaw(2, "The passkey was asked about another act.")]
    assert sentences(FIRST, (HOUSE, e.RestoreSupported(BO, MO), "")) == []
