"""The deployments page as it is written: cards of windows in wikitext, raw or in the JSON of `action=parse`.

Law: an hour counts only with its zone. Of a card that does not say one it is not known when it is; it is left out.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from time import monotonic
from typing import Final

import mwparserfromhell
from mwparserfromhell.nodes import Template
from mwparserfromhell.wikicode import Wikicode

from tocsin.domain.errors import Unreachable
from tocsin.neighbours.calendars.entries import MOST_ENTRIES, Entry, Reading, bounded, decoded, is_freeze, people
from tocsin.neighbours.calendars.page import UNNAMED, wrapped
from tocsin.neighbours.calendars.written import SourceSettings

CARD: Final = "deployment calendar event card"
DAY: Final = "deployment day"
NICK: Final = "ircnick"
USUAL_HOURS: Final = 1.0
LONGEST_HOURS: Final = 24 * 31.0
LONGEST_CARD: Final = 8000
LONGEST_SECONDS: Final = 20.0
_BRACES: Final = re.compile(r"\{\{|\}\}")
_OURS: Final = re.compile(r"\{\{[\s_]*deployment[\s_]+(?:calendar[\s_]+event[\s_]+card|day)\b", re.IGNORECASE)
_WHEN: Final = re.compile(r"(\d{4}-\d{2}-\d{2})[ T](\d{1,2}:\d{2})(?::\d{2})?\s*(\S.*)?", re.ASCII)
_OFFSET: Final = re.compile(r"(?:(?:UTC|GMT)?([+-])(\d{2}):?(\d{2}))", re.ASCII)
_SMALL: Final = re.compile(r"<small\b.*?</small\s*>", re.IGNORECASE | re.DOTALL)
_BREAK: Final = re.compile(r"<br\s*/?\s*>", re.IGNORECASE)
_ANCHOR: Final = "deploycal-item-"


class Unclear(ValueError):
    """A card that does not say when it is, in words that tell what it lacks."""


def read_wikitext(content: bytes, source: SourceSettings, _now: datetime) -> Reading:
    """Return the cards of a page; raises `Unreachable` where there is none."""
    text = decoded(content)
    text = wrapped(text, "wikitext", source) if text.lstrip().startswith('{"') else text
    written = list(islice(_written(text), MOST_ENTRIES))
    troubles = [
        f"a card of {len(each)} characters is too long, and is left out." for each in written if _too_long(each)
    ]
    templates = list(_parsed((each for each in written if not _too_long(each)), source))
    cards = [each for each in templates if _called(each) == CARD]
    if not cards:
        raise Unreachable(source.name, "there is no deployment calendar in its wikitext")
    entries = tuple(_entries(cards, source, troubles))
    return Reading(entries, tuple(_days(each for each in templates if _called(each) == DAY)), tuple(troubles))


def _written(text: str) -> Iterator[str]:
    """Yield cards and days as they are written, from their braces to those that end them.

    Anybody can edit a wiki, and the parser takes for ever over a page of braces that nobody closes: it never sees one.
    """
    begun: list[int] = []
    last = 0
    for brace in _BRACES.finditer(text):
        if brace[0] == "{{":
            begun.append(brace.start())
        elif begun:
            start = begun.pop()
            if start >= last and _OURS.match(text, start):
                last = brace.end()
                yield text[start:last]


def _too_long(template: str) -> bool:
    return len(template) > LONGEST_CARD


def _parsed(written: Iterable[str], source: SourceSettings) -> Iterator[Template]:
    until = monotonic() + LONGEST_SECONDS
    for each in written:
        if monotonic() > until:
            raise Unreachable(source.name, f"it takes more than {LONGEST_SECONDS:g} s to read its wikitext")
        yield from mwparserfromhell.parse(each, skip_style_tags=True).ifilter_templates(recursive=False)


def _called(template: Template) -> str:
    return " ".join(str(template.name).replace("_", " ").split()).casefold()


def _entries(cards: list[Template], source: SourceSettings, troubles: list[str]) -> Iterator[Entry]:
    for card in cards:
        name, when = _name(card), _given(card, "when")
        try:
            starts = _moment(when, source)
            ends = starts + _length(_given(card, "length"))
        except Unclear as lacking:
            troubles.append(f"{name!r} ({bounded(when) or 'without when='}) {lacking}, and is left out.")
            continue
        url = f"{source.page}#{_ANCHOR}{starts:%Y%m%dT%H%M}" if source.page else ""
        yield Entry(name, starts, ends, url, _people(card), is_freeze(name, source))


def _name(card: Template) -> str:
    text = _BREAK.sub(" ", _SMALL.sub(" ", _given(card, "window")))
    return bounded(_plain(mwparserfromhell.parse(text))) or UNNAMED


def _people(card: Template) -> tuple[str, ...]:
    who = card.get("who").value if card.has("who") else mwparserfromhell.parse("")
    named = (each for each in who.ifilter_templates() if _called(each) == NICK and each.has("1"))
    return people(_plain(each.get("1").value) for each in named)


def _plain(code: Wikicode) -> str:
    return str(code.strip_code(normalize=True, collapse=True))


def _given(card: Template, key: str) -> str:
    return str(card.get(key).value).strip() if card.has(key) else ""


def _moment(when: str, source: SourceSettings) -> datetime:
    found = _WHEN.fullmatch(when.strip())
    if found is None:
        raise Unclear("does not say when it is, as in 2026-12-14 13:00 SF")
    if not found[3]:
        raise Unclear("says an hour without its time zone, as in 2026-12-14 13:00 SF")
    try:
        at = datetime.strptime(f"{found[1]} {found[2]}", "%Y-%m-%d %H:%M")  # noqa: DTZ007 - its zone follows
        offset = _offset(found[3])
        return _local(at, found[3], source) if offset is None else (at - offset).replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise Unclear(str(error) if isinstance(error, Unclear) else "names an hour that there is not") from error


def _offset(zone: str) -> timedelta | None:
    if zone in ("UTC", "GMT", "Z"):
        return timedelta()
    found = _OFFSET.fullmatch(zone)
    if found is None:
        return None
    size = timedelta(hours=int(found[2]), minutes=int(found[3]))
    return -size if found[1] == "-" else size


def _local(at: datetime, named: str, source: SourceSettings) -> datetime:
    zone = source.zone(named)
    if zone is None:
        raise Unclear(f"is in the time zone {bounded(named, 30)!r}, which is not in zones of calendar.toml")
    return at.replace(tzinfo=zone).astimezone(UTC)


def _length(hours: str) -> timedelta:
    """A card without a length lasts an hour, as the page shows it."""
    try:
        length = float(hours) if hours else USUAL_HOURS
    except ValueError:
        length = float("nan")
    if not abs(length) <= LONGEST_HOURS:
        raise Unclear(f"has the length {bounded(hours, 30)!r}, which is no number of hours")
    return timedelta(hours=length)


def _days(templates: Iterator[Template]) -> Iterator[date]:
    for each in templates:
        try:
            yield date.fromisoformat(_given(each, "date"))
        except ValueError:
            continue
