"""The deployments page as it is written: an hour counts only with its zone, right over both changes of the clocks."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from tocsin.domain.errors import Unreachable
from tocsin.neighbours.calendars.entries import Entry, Reading
from tocsin.neighbours.calendars.wikitext import read_wikitext
from tocsin.neighbours.calendars.written import SourceKind, SourceSettings

PAGE = "https://wiki.example.org/wiki/Deployments"
ZONES = (("SF", "America/Los_Angeles"), ("Berlin", "Europe/Berlin"))
SOURCE = SourceSettings("Deployments", SourceKind.WIKITEXT, PAGE, page=PAGE, zones=ZONES)
NOW = datetime(2026, 12, 14, tzinfo=UTC)
HOUR = timedelta(hours=1)


def card(when: str = "2026-12-14 13:00 SF", length: str = "1", window: str = "Backports", who: str = "") -> str:
    return (
        "{{Deployment calendar event card\n"
        f"    |when={when}\n    |length={length}\n    |window={window}\n    |who={who}\n"
        "    |what=\n{{ircnick|irc-nickname|Requesting Developer}}\n* ''Gerrit link''\n"
        "{{deploy|type=config|gerrit=1234|title=Cache less|status=}}\n}}\n"
    )


def read(*cards: str, source: SourceSettings = SOURCE) -> Reading:
    return read_wikitext(("==Week of December 14==\n" + "".join(cards)).encode(), source, NOW)


def starts(when: str) -> datetime:
    [entry] = read(card(when)).entries
    return entry.starts


def test_a_card_has_its_name_its_hours_its_place_on_the_page_and_its_deployers() -> None:
    window = "[[Backport windows|UTC late backport window]]<br/><small>'''Your patch may'''<br />'''(Max 6)'''</small>"
    who = "{{ircnick|lin|Lin Invented}}, {{ircnick|bo-sre}}, {{ircnick|irc-nickname|Somebody}}"
    at = datetime(2026, 12, 14, 21, tzinfo=UTC)
    assert read(card(window=window, who=who)).entries == (
        Entry("UTC late backport window", at, at + HOUR, f"{PAGE}#deploycal-item-20261214T2100", ("lin", "bo-sre")),
    )


@pytest.mark.parametrize(
    ("when", "utc"),
    [
        # The clocks of San Francisco go forward on 14 March 2027 and back on 1 November 2026.
        ("2027-03-13 13:00 SF", "2027-03-13T21:00"),
        ("2027-03-14 13:00 SF", "2027-03-14T20:00"),
        ("2027-03-14 02:30 SF", "2027-03-14T10:30"),
        ("2026-10-31 13:00 SF", "2026-10-31T20:00"),
        ("2026-11-01 01:30 SF", "2026-11-01T08:30"),
        ("2026-11-01 13:00 SF", "2026-11-01T21:00"),
        # Those of Berlin on 28 March 2027 and 25 October 2026.
        ("2027-03-27 13:00 Berlin", "2027-03-27T12:00"),
        ("2027-03-28 02:30 Berlin", "2027-03-28T01:30"),
        ("2027-03-28 13:00 Europe/Berlin", "2027-03-28T11:00"),
        ("2026-10-25 02:30 Berlin", "2026-10-25T00:30"),
        ("2026-10-25 13:00 Berlin", "2026-10-25T12:00"),
        ("2026-12-14T13:00:00 UTC", "2026-12-14T13:00"),
        ("2026-12-14 13:00Z", "2026-12-14T13:00"),
        ("2026-12-14 13:00 +01:00", "2026-12-14T12:00"),
        ("2026-12-14 13:00 UTC-0830", "2026-12-14T21:30"),
        ("2026-12-14 9:00 UTC", "2026-12-14T09:00"),
    ],
)
def test_an_hour_is_that_of_the_zone_that_stands_behind_it(when: str, utc: str) -> None:
    assert starts(when) == datetime.fromisoformat(f"{utc}+00:00")


@pytest.mark.parametrize(
    ("when", "lacking"),
    [
        ("2026-12-14 13:00", "says an hour without its time zone, as in 2026-12-14 13:00 SF"),
        ("2026-12-14 13:00 Mars", "is in the time zone 'Mars', which is not in zones of calendar.toml"),
        ("2026-12-14 13:00 ../../etc", "is in the time zone '../../etc', which is not in zones of calendar.toml"),
        ("next Monday", "does not say when it is, as in 2026-12-14 13:00 SF"),
        ("", "does not say when it is, as in 2026-12-14 13:00 SF"),
        ("2026-12-14 25:00 SF", "names an hour that there is not"),
        ("2026-13-14 13:00 SF", "names an hour that there is not"),
    ],
)
def test_a_card_that_does_not_say_when_it_is_is_left_out_and_named_and_takes_no_other_with_it(
    when: str, lacking: str
) -> None:
    reading = read(card(when, window="Train"), card())
    assert [each.name for each in reading.entries] == ["Backports"]
    assert reading.troubles == (f"'Train' ({when or 'without when='}) {lacking}, and is left out.",)


@pytest.mark.parametrize(("length", "hours"), [("0.5", 0.5), ("2", 2.0), ("", 1.0), ("24", 24.0), ("-1", -1.0)])
def test_a_length_is_in_hours_and_one_hour_where_there_is_none(length: str, hours: float) -> None:
    [entry] = read(card(length=length)).entries
    assert entry.ends - entry.starts == hours * HOUR


@pytest.mark.parametrize("length", ["an hour", "nan", "inf", "1e9"])
def test_a_length_that_is_none_is_named(length: str) -> None:
    [trouble] = read(card(length=length)).troubles
    assert f"has the length '{length}', which is no number of hours" in trouble


def test_days_without_deployments_are_freezes_over_the_weekend() -> None:
    words = "No deploys all day! See [[Deployments/Emergencies]] if things are broken."
    days = [card(f"2026-12-{day} 00:00 SF", "24", words) for day in (18, 19, 20)]
    assert [each.frozen for each in read(*days).entries] == [True] * 3
    assert read(*days).entries[0].name == "No deploys all day! See Deployments/Emergencies if things are broken."


def test_the_days_of_which_the_page_speaks_are_told_with_windows_or_without() -> None:
    headings = "==={{Deployment_day|date=2026-12-14}}===\n==={{Deployment day|date=2026-12-21}}===\n{{Deployment day}}"
    assert [day.day for day in read(headings, card()).days] == [14, 21]


@pytest.mark.parametrize("wikitext", [card(), {"*": card()}])
def test_the_json_of_the_wiki_is_read_as_what_is_in_it(wikitext: object) -> None:
    content = json.dumps({"parse": {"wikitext": wikitext}}).encode()
    assert read_wikitext(content, SOURCE, NOW).entries == read(card()).entries


@pytest.mark.parametrize(
    "content",
    [b"", b"<html><body><div class='deploycal-item'></div></body></html>", b"{{Other card|when=now}}", b"{" * 5000],
)
def test_a_page_without_a_card_is_no_answer(content: bytes) -> None:
    with pytest.raises(Unreachable, match="Deployments: there is no deployment calendar in its wikitext"):
        read_wikitext(content, SOURCE, NOW)


def test_a_page_that_nobody_closed_is_read_as_far_as_it_goes() -> None:
    content = (card() + "{{Deployment calendar event card|when=2026").encode() + b"\xff\xfe"
    assert len(read_wikitext(content, SOURCE, NOW).entries) == 1


def test_a_page_full_of_braces_that_nobody_closed_is_read_in_a_moment_and_its_cards_are_found() -> None:
    for rubbish in ("{{Deployment calendar event card|a=", "{{", "{{{a|", "[[a|"):
        reading = read(rubbish * 20_000, card())
        assert [each.name for each in reading.entries] == ["Backports"]


def test_a_card_that_is_longer_than_any_is_left_out_and_named() -> None:
    reading = read(card(window="x" * 9000), card())
    assert [each.name for each in reading.entries] == ["Backports"]
    assert reading.troubles[0].endswith("characters is too long, and is left out.")
