"""The rendered deployments page: its windows and its days without deployments, as its template marks them.

The page comes as HTML, or as the JSON of MediaWiki's `action=parse` with the HTML in it. A page without a single item
is no calendar: it may as well be a page about an error.
"""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

from bs4 import BeautifulSoup
from bs4.element import Tag
from bs4.filter import SoupStrainer

from tocsin.domain.errors import Unreachable
from tocsin.neighbours.calendars.entries import (
    MOST_ENTRIES,
    MOST_PEOPLE,
    Entry,
    Reading,
    bounded,
    decoded,
    is_freeze,
    people,
)
from tocsin.neighbours.calendars.written import SourceSettings

ITEM: Final = "deploycal-item"
UNNAMED: Final = "a window without a name"
_ID: Final = re.compile(r"deploycal-item-(\d{8}T\d{4}(?:\d{2})?)(?:[-_].*)?", re.ASCII)
_COMPACT: Final = re.compile(r"\d{14}|\d{12}", re.ASCII)
_TEMPLATED: Final = re.compile(
    r"your patch may or may not be deployed at the sole discretion of the deployer\.?|\(max \d+ patches\)",
    re.IGNORECASE,
)
"""What the page says below the name of many windows."""


def read_page(content: bytes, source: SourceSettings, _now: datetime) -> Reading:
    """Return the items of a page; raises `Unreachable` where there is none."""
    soup = BeautifulSoup(_html(decoded(content), source), "html.parser", parse_only=SoupStrainer(class_=_is_item))
    items = soup.find_all(class_=ITEM, recursive=False, limit=MOST_ENTRIES)  # what stands inside of one is a part of it
    if not items:
        raise Unreachable(source.name, "there is no deployment calendar on its page")
    troubles: list[str] = []
    return Reading(tuple(_entries(items, source, troubles)), troubles=tuple(troubles))


def wrapped(text: str, part: str, source: SourceSettings) -> str:
    """Return a part of what MediaWiki's `action=parse` answers as JSON; raises `Unreachable` where it is not there."""
    try:
        answer = json.loads(text)
    except (ValueError, RecursionError):
        raise Unreachable(source.name, "it answered something else than JSON") from None
    if isinstance(answer, dict) and isinstance(error := answer.get("error"), dict):
        raise Unreachable(source.name, f"it answers that it has an error: {bounded(str(error.get('code')))}")
    parsed = answer.get("parse") if isinstance(answer, dict) else None
    found: Any = parsed.get(part) if isinstance(parsed, dict) else None
    found = found.get("*") if isinstance(found, dict) else found
    if not isinstance(found, str):
        raise Unreachable(source.name, f"it answered in a shape that we do not know (no parse.{part})")
    return found


def _is_item(classes: str | None) -> bool:
    """While a page is read, an element's classes are one text still."""
    return ITEM in (classes or "").split()


def _html(text: str, source: SourceSettings) -> str:
    return wrapped(text, "text", source) if text.lstrip().startswith("{") else text


def _entries(items: list[Tag], source: SourceSettings, troubles: list[str]) -> Iterator[Entry]:
    for item in items:
        anchor, name = str(item.get("id") or ""), _name(item)
        starts, ends = (_utc(str(item.get(key) or "")) for key in ("data-utcstart", "data-utcend"))
        starts = starts or _start_in(anchor)
        if starts is None or ends is None:
            troubles.append(
                f"{name!r} ({bounded(anchor) or 'without an id'}) does not say when it is, and is left out."
            )
            continue
        url = f"{source.page}#{bounded(anchor)}" if source.page and _ID.fullmatch(anchor) else source.page
        yield Entry(name, starts, ends, url, _deployers(item), is_freeze(name, source))


def _deployers(item: Tag) -> tuple[str, ...]:
    shown = item.find(class_=f"{ITEM}-deployer")
    return people(each.get_text() for each in shown.find_all(class_="ircnick", limit=MOST_PEOPLE)) if shown else ()


def _name(item: Tag) -> str:
    shown = item.find(class_=f"{ITEM}-window")
    words = shown.get_text(" ") if shown else ""
    return bounded(_TEMPLATED.sub(" ", " ".join(words.split()))) or UNNAMED


def _start_in(anchor: str) -> datetime | None:
    found = _ID.fullmatch(anchor)
    return _utc(found[1]) if found else None


def _utc(text: str) -> datetime | None:
    """Read a moment in any of the forms of ISO 8601, or as digits alone; without a zone it is UTC, as its name says."""
    digits = text.strip()
    try:
        if _COMPACT.fullmatch(digits):
            at = datetime.strptime(digits.ljust(14, "0"), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        else:
            at = datetime.fromisoformat(digits)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
