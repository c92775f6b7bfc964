"""Every event is stored and read back as it was, today and after its form has changed."""

import json
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.storage.any_event import EVENT_CLASSES, any_of
from tocsin.domain.events import Noted, TargetUnlocked
from tocsin.storage.codec.events import Codec, Stored, event_codec
from tocsin.storage.codec.shapes import Unreadable

CODEC = event_codec()


@pytest.mark.parametrize("cls", EVENT_CLASSES, ids=lambda cls: cls.__name__)
@settings(max_examples=15, suppress_health_check=[HealthCheck.data_too_large, HealthCheck.too_slow])
@given(data=st.data())
def test_every_event_reads_back_as_it_was(cls: type, data: st.DataObject) -> None:
    event = data.draw(any_of(cls))
    stored = CODEC.encode(event)
    assert CODEC.decode(stored) == event
    assert CODEC.encode(CODEC.decode(stored)) == stored


def test_an_event_is_stored_under_its_name_with_the_names_of_its_fields() -> None:
    stored = CODEC.encode(Noted("ada", "look at the caches"))
    assert stored == Stored("Noted", 1, b'{"name":"ada","text":"look at the caches"}')


@pytest.mark.parametrize(
    "stored",
    [
        Stored("Unheard", 1, b"{}"),
        Stored("Noted", 0, b'{"name":"ada","text":""}'),
        Stored("Noted", 2, b'{"name":"ada","text":""}'),
        Stored("Noted", 1, b""),
        Stored("Noted", 1, b"[" * 100_000),
        Stored("Noted", 1, b"\xff"),
        Stored("Noted", 1, b"[]"),
        Stored("Noted", 1, b"{}"),
        Stored("Noted", 1, b'{"name":"ada","text":1}'),
        Stored("Noted", 1, b'{"name":"ada","text":"","more":""}'),
        Stored("ProofSeen", 1, b'{"proof":true,"live":null,"saw":""}'),
        Stored("ProofSeen", 1, b'{"proof":1,"live":1,"saw":""}'),
        Stored("ProofSeen", 1, b'{"proof":1.0,"live":null,"saw":""}'),
        Stored("ProvingStarted", 1, b'{"direction":"sideways"}'),
        Stored("ProvingStarted", 1, b'{"direction":[]}'),
        Stored("RollbackStarted", 1, b'{"steps":{}}'),
        Stored("RollbackStarted", 1, b'{"steps":[null]}'),
        Stored("BecameReady", 1, b'{"counted":[["ada"]]}'),
        Stored("BecameReady", 1, b'{"counted":[["ada","sre","more"]]}'),
    ],
)
def test_what_is_no_event_is_refused(stored: Stored) -> None:
    with pytest.raises(Unreadable):
        CODEC.decode(stored)


def test_a_value_of_the_wrong_type_is_never_stored() -> None:
    with pytest.raises(Unreadable, match="not a str"):
        CODEC.encode(TargetUnlocked("ada", None))  # type: ignore[arg-type] # this is what is refused


@dataclass(frozen=True, slots=True)
class Sent:
    """The third form of a toy event: first it had `to`, then `recipient`; `urgent` came with a default."""

    recipients: tuple[str, ...]
    urgent: bool = False


UPGRADES: dict[tuple[str, int], Any] = {
    ("Sent", 1): lambda body: {"recipient": body["to"]},
    ("Sent", 2): lambda body: {"recipients": [body["recipient"]]},
}


@pytest.mark.parametrize(
    ("shape", "body"), [(1, {"to": "ada"}), (2, {"recipient": "ada"}), (3, {"recipients": ["ada"]})]
)
def test_an_event_of_an_older_shape_is_read_as_one_of_today(shape: int, body: dict[str, Any]) -> None:
    codec = Codec([Sent], UPGRADES)
    assert codec.decode(Stored("Sent", shape, json.dumps(body).encode())) == Sent(("ada",))  # type: ignore[comparison-overlap] # a toy
    assert codec.encode(Sent(("ada",))).shape == 3


def test_a_field_that_an_older_event_lacks_takes_its_default() -> None:
    assert Codec([Sent]).decode(Stored("Sent", 1, b'{"recipients":[]}')) == Sent(())  # type: ignore[comparison-overlap] # a toy
