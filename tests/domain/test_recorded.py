"""What the record keeps of who caused an event."""

from dataclasses import replace

from tests.domain.night import stranger, verified
from tocsin.domain.people import Surface
from tocsin.domain.recorded import TOCSIN_ITSELF, Origin


def test_of_a_speaker_the_record_keeps_name_surface_person_and_how_it_was_verified() -> None:
    speaker = replace(verified("ada"), proof="account ada, registered 2019", act="msgid 7")
    assert Origin.of(speaker) == Origin("ada", Surface.IRC, speaker.person, "account ada, registered 2019", "msgid 7")


def test_of_somebody_unverified_it_keeps_no_person() -> None:
    assert Origin.of(stranger()).person is None


def test_what_the_tool_does_of_itself_is_nobodys_act() -> None:
    assert TOCSIN_ITSELF.person is None and TOCSIN_ITSELF.surface is Surface.TOCSIN
