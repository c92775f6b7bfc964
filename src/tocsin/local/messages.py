"""What goes over the machine's own socket: one JSON object a line, each way; what an act means is for `acts`."""

import json
import re
from dataclasses import dataclass
from typing import Any

from tocsin.domain.errors import Malformed
from tocsin.domain.people import RequestId

LONGEST_LINE = 64 * 1024
_VERB = re.compile(r"[a-z][a-z-]{0,29}", re.ASCII)
_ID = re.compile(r"#?(E[1-9][0-9]{0,8})", re.ASCII | re.IGNORECASE)
_KEY = re.compile(r"[A-Za-z0-9-]{8,64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Asking:
    """One line from a client: an act (`verb` with `fields`) or a question (with `words`); `key` makes it once only."""

    verb: str
    request: RequestId | None = None
    fields: tuple[tuple[str, Any], ...] = ()
    words: str = ""
    key: str = ""


def read(line: bytes) -> Asking:
    """Return what a line asks; raises `Malformed` with a sentence."""
    try:
        sent = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise Malformed("That is not a line of JSON, as this protocol has them.") from error
    if not isinstance(sent, dict):
        raise Malformed('A line is a JSON object, such as {"verb": "list"}.')
    return Asking(
        verb=_fitting(_VERB, sent.get("verb"), "verb is a word, such as confirm."),
        request=_request(sent.get("request") or ""),
        fields=tuple(_table(sent.get("fields") or {}).items()),
        words=_text(sent.get("words") or ""),
        key=_fitting(_KEY, sent["key"], "key has 8 to 64 letters and digits.") if sent.get("key") else "",
    )


def line(answer: dict[str, Any]) -> bytes:
    """Return an answer as it is sent."""
    return json.dumps(answer, separators=(",", ":")).encode() + b"\n"


def _request(given: object) -> RequestId | None:
    if given == "":
        return None
    named = _ID.fullmatch(given) if isinstance(given, str) else None
    if named is None:
        raise Malformed(f"{str(given)[:40]!r} is not the id of a request: ids look like E17.")
    return RequestId(named[1].upper())


def _fitting(pattern: re.Pattern[str], given: object, sentence: str) -> str:
    if not isinstance(given, str) or pattern.fullmatch(given) is None:
        raise Malformed(sentence)
    return given


def _table(given: object) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise Malformed('fields is an object, such as {"reason": "who is watching the caches?"}.')
    return given


def _text(given: object) -> str:
    if not isinstance(given, str):
        raise Malformed("words is a text.")
    return given
