"""The rendered deployments page: what its template marks is read, whatever stands around it."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from tocsin.domain.errors import Unreachable
from tocsin.neighbours.calendars.entries import Entry, Reading
from tocsin.neighbours.calendars.page import UNNAMED, read_page
from tocsin.neighbours.calendars.written import SourceKind, SourceSettings

PAGE = "https://wiki.example.org/wiki/Deployments"
SOURCE = SourceSettings("Deployments", SourceKind.PAGE, PAGE, page=PAGE)
NOW = datetime(2026, 12, 14, tzinfo=UTC)
EIGHT = datetime(2026, 12, 14, 8, tzinfo=UTC)


def item(
    window: str,
    starts: str = "2026-12-14T08:00:00Z",
    ends: str = "2026-12-14T09:00:00Z",
    who: str = "",
    anchor: str = "deploycal-item-20261214T0800",
) -> str:
    return (
        f'<div class="deploycal-item mw-card" id="{anchor}" data-utcstart="{starts}" data-utcend="{ends}">'
        f'<div class="deploycal-item-window"><p>{window}</p></div>'
        f'<div class="deploycal-item-deployer">{who}</div>'
        '<div class="deploycal-item-changes"><span class="ircnick">ada</span> a patch</div></div>'
    )


def page(*items: str) -> bytes:
    return f"<!DOCTYPE html><html><body><h2>Week of December 14</h2>{''.join(items)}</body></html>".encode()


def read(*items: str) -> Reading:
    return read_page(page(*items), SOURCE, NOW)


def test_a_window_has_its_name_its_hours_its_own_address_and_its_deployers() -> None:
    nicks = '<span class="ircnick">lin</span> (Lin), <span class="ircnick">bo-sre</span>'
    window = '<a href="/wiki/Backports">UTC morning\n backport window</a>'
    assert read(item(window, who=nicks)).entries == (
        Entry(
            "UTC morning backport window",
            EIGHT,
            EIGHT + timedelta(hours=1),
            f"{PAGE}#deploycal-item-20261214T0800",
            ("lin", "bo-sre"),
        ),
    )


def test_what_the_page_says_below_the_name_of_many_windows_is_no_part_of_it() -> None:
    below = (
        "<br/><small><b>Your patch may or may not be deployed at the sole discretion of the deployer</b><br/>"
        "<b>(Max 6 patches)</b></small>"
    )
    assert read(item(f"UTC late backport window{below}")).entries[0].name == "UTC late backport window"


def test_who_only_holds_the_place_of_somebody_is_nobody() -> None:
    nicks = '<span class="ircnick">irc-nickname</span><span class="ircnick">lin</span><span class="ircnick">lin</span>'
    assert read(item("Backports", who=nicks)).entries[0].who == ("lin",)


def test_a_day_without_deployments_is_a_freeze() -> None:
    words = 'No deploys all day! See <a href="/wiki/Emergencies">Deployments/Emergencies</a> if things are broken.'
    [friday] = read(item(words, "2026-12-18T08:00:00Z", "2026-12-19T08:00:00Z")).entries
    assert friday.frozen
    assert friday.ends - friday.starts == timedelta(days=1)
    assert not read(item("UTC morning backport window")).entries[0].frozen


@pytest.mark.parametrize(
    "told",
    [
        "2026-12-14T08:00:00Z",
        "2026-12-14T08:00:00+00:00",
        "2026-12-14T09:00:00+01:00",
        "2026-12-14 08:00",
        "20261214T0800",
        "20261214T080000Z",
        "20261214080000",
        "202612140800",
    ],
)
def test_a_moment_is_read_in_whatever_form_and_without_a_zone_it_is_utc(told: str) -> None:
    assert read(item("Backports", told, "2026-12-14T10:00:00Z")).entries[0].starts == EIGHT


@pytest.mark.parametrize("told", ["", "soon", "2026-13-14T08:00:00Z", "99999999999999"])
def test_an_item_that_does_not_say_when_it_is_is_left_out_and_named_and_takes_no_other_with_it(told: str) -> None:
    reading = read(item("Train", ends=told), item("Backports"))
    assert [each.name for each in reading.entries] == ["Backports"]
    assert reading.troubles == ("'Train' (deploycal-item-20261214T0800) does not say when it is, and is left out.",)


def test_a_start_that_is_missing_is_taken_from_the_id() -> None:
    assert read(item("Backports", starts="")).entries[0].starts == EIGHT
    assert read(item("Backports", starts="", anchor="card-1")).entries == ()


def test_an_id_that_is_no_items_own_leads_to_no_place_on_the_page() -> None:
    assert read(item("Backports", anchor="x\n)")).entries[0].url == PAGE


def test_a_window_without_a_name_is_called_so() -> None:
    assert read(item(" ")).entries[0].name == UNNAMED


def test_a_name_is_no_longer_than_anybody_reads() -> None:
    [entry] = read(item("long " * 1000)).entries
    assert len(entry.name) == 100
    assert entry.name.endswith("…")


@pytest.mark.parametrize("text", [page(item("Backports")).decode(), {"*": page(item("Backports")).decode()}])
def test_the_json_of_the_wiki_with_the_page_in_it_is_read_as_the_page(text: object) -> None:
    content = json.dumps({"parse": {"title": "Deployments", "text": text}}).encode()
    assert read_page(content, SOURCE, NOW) == read(item("Backports"))


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "there is no deployment calendar on its page"),
        (b"<html><body>Log in first</body></html>", "there is no deployment calendar on its page"),
        (b"BEGIN:VCALENDAR\nEND:VCALENDAR\n", "there is no deployment calendar on its page"),
        (b"{", "it answered something else than JSON"),
        (b'{"error": {"code": "missingtitle"}}', "it answers that it has an error: missingtitle"),
        (b'{"parse": {}}', r"it answered in a shape that we do not know \(no parse.text\)"),
        (b'{"parse": {"text": "<p>empty</p>"}}', "there is no deployment calendar on its page"),
    ],
)
def test_what_is_no_calendar_is_no_answer(content: bytes, why: str) -> None:
    with pytest.raises(Unreachable, match=f"Deployments: {why}"):
        read_page(content, SOURCE, NOW)


def test_mistakes_of_encoding_are_borne() -> None:
    content = page(item("Fenêtre à déployer")).replace("ê".encode(), "ê".encode("cp1252"))
    assert "tre" in read_page(content, SOURCE, NOW).entries[0].name
    assert read_page(page(item("Café")).decode().encode("cp1252"), SOURCE, NOW).entries[0].name == "Café"


def test_what_stands_inside_of_an_item_is_a_part_of_it() -> None:
    inner = item("Inner", anchor="deploycal-item-20261214T0900")
    assert [each.name for each in read(item(f"Outer</p></div>{inner}<div><p>")).entries] == ["Outer"]
    reading = read(item("Backports"), "<div class='deploycal-item'>" * 3000)
    assert [each.name for each in reading.entries] == ["Backports"]
