"""What the channels hear of the record: in the right place, calling whom it should and nobody else."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.irc.night_shift import OPS, PRIVATE, NightShift
from tocsin.domain.people import PersonId, TargetId
from tocsin.domain.situation import Catalogue
from tocsin.irc.calling import JOINER, Names, addressed, only_named
from tocsin.irc.message import require_safe
from tocsin.service.requests import Happening
from tocsin.views.lines import Line

BO, KIM = PersonId("bo-sre"), PersonId("kim-releng")
NICKS = {"bo-sre": "bo|night", "kim-releng": "kim-releng"}
NAMES = Names(
    frozenset({"bo|night", "kim-releng", "ada", "bo-sre", "confirm"}), lambda person: NICKS.get(person, person)
)


# -------------------------------------------------------------------------------------------------------- who is called


def test_people_who_are_called_are_named_by_the_nick_that_they_have_now() -> None:
    assert addressed(Line("E17: bo-sre, please look.", (BO,)), NAMES) == "E17: bo|night, please look."


def test_everybody_else_is_kept_from_being_called() -> None:
    assert (
        addressed(Line("E17 for ada: asking kim-releng.", (KIM,)), NAMES) == f"E17 for a{JOINER}da: asking kim-releng."
    )


@pytest.mark.parametrize(
    "kept",
    [
        "!confirm E17 plum-otter for ada",
        "!lift E17 bo-sre -- the caches are watched by ada; really",
        "https://tocsin.example.org/ada",
        "tocsin directory pin ada ada",
        "E17",
    ],
)
def test_what_is_to_be_typed_addresses_and_ids_are_never_changed(kept: str) -> None:
    assert kept in addressed(Line(f"ada: {kept}", (BO,)), NAMES)


def test_names_after_a_command_are_names_again() -> None:
    said = addressed(Line("Look, then !good E17 (ada, bo-sre)", (BO,)), NAMES)
    assert said == f"Look, then !good E17 (a{JOINER}da, bo|night)"


def test_a_part_of_a_word_is_no_name() -> None:
    assert addressed(Line("ada-like adage 1ada"), NAMES) == "ada-like adage 1ada"


def test_names_are_compared_as_the_network_compares_them() -> None:
    names = Names(frozenset({"Ada[m]"}), str, lambda name: name.casefold().replace("[", "{").replace("]", "}"))
    assert addressed(Line("ada{m} asks"), names) == f"a{JOINER}da{{m}} asks"


def test_where_room_is_short_only_those_meant_are_named() -> None:
    assert only_named(Line("ada and bo-sre", (BO,)), NAMES) == "ada and bo|night"


@given(st.text(max_size=300))
def test_nothing_is_lost_by_sparing_people(text: str) -> None:
    assert addressed(Line(text), NAMES).replace(JOINER, "") == text.replace(JOINER, "")


# ------------------------------------------------------------------------------------------- what is said, and where


async def announced(shift: NightShift, text: str) -> list[str]:
    """Say a line of a request's act with nothing but this text."""
    await shift.asked()
    shift.mouth.said.clear()
    recorded = shift.store.since(0, 1)
    shift.announcer._say(OPS, [Line(text)], Happening(None, shift.request(), recorded))
    return [each.text for each in shift.mouth.said]


async def test_a_line_that_fits_only_without_sparing_people_is_said_so() -> None:
    text = "bo-sre ada kim-releng " * 17
    assert await announced(NightShift(), text.strip()) == [text.strip()]


async def test_a_line_that_does_not_fit_is_parted_and_loses_nothing_to_type() -> None:
    shift = NightShift()
    shift.mouth.bytes_of_room = 200
    said = await announced(shift, f"E1 {'is long, ' * 20}so: !confirm E1 plum-otter")
    assert said[-1] == "!confirm E1 plum-otter"
    assert all(len(each.encode()) <= 200 for each in said)


@given(st.text(max_size=500))
async def test_whatever_a_line_holds_it_is_said_as_one_safe_line(text: str) -> None:
    for said in await announced(NightShift(), text):
        require_safe(said)
        assert len(said.encode()) <= 380


async def test_what_the_runner_and_the_clock_tell_waits_behind_acknowledgements() -> None:
    shift = NightShift()
    await shift.deploying()
    shift.mouth.said.clear()
    await shift.runs()
    said = [each for each in shift.mouth.said if each.target == OPS]
    assert said[0].text.startswith("E1 step 1 of 2: canaries")
    assert not any(each.urgent for each in said)


async def test_every_line_tells_which_request_it_is_about_and_of_which_moment() -> None:
    shift = NightShift()
    await shift.asked()
    about = [each.about for each in shift.mouth.said if each.about]
    assert {each.thing for each in about} == {"E1"}
    assert sorted(each.moment for each in about) == [each.moment for each in about]


async def test_what_concerns_the_house_is_said_in_every_channel() -> None:
    shift = NightShift()
    said = await shift.says("bo-sre", "!suspend lin their laptop was stolen")
    assert [each.partition(" ")[0] for each in said] == [OPS, PRIVATE]


async def test_a_private_request_that_has_no_channel_any_more_is_said_nowhere_but_for_its_state() -> None:
    shift = NightShift()
    await shift.says("ada", "help! I need an emergency deploy for 1234", None)
    shift.configuration = replace(shift.configuration, catalogue=Catalogue())
    shift.mouth.said.clear()
    happening = Happening(None, replace(shift.request(), target=TargetId("gone")), shift.store.since(0, 1))
    await shift.announcer.announce(happening)
    assert [each.text for each in shift.mouth.said] == ["E1: asked (private)"]


async def test_a_line_longer_than_the_budget_is_said_in_parts() -> None:
    said = await announced(NightShift(), "E1 " + "word " * 100)
    assert [len(each.encode()) <= 380 for each in said] == [True, True]


async def test_what_changed_nothing_is_not_announced() -> None:
    shift = NightShift()
    await shift.announcer.announce(Happening(None, None, ()))
    assert shift.mouth.said == []


async def test_a_line_that_cannot_be_said_does_not_end_the_following(monkeypatch: pytest.MonkeyPatch) -> None:
    shift = NightShift()

    def refuse(*said: object, **how: object) -> None:
        require_safe("a\nb")

    monkeypatch.setattr(shift.mouth, "say", refuse)
    await shift.asked()
