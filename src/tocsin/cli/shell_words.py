"""What is to be typed on IRC as it is typed in a shell: `!go E17` is `tocsin request go E17`."""

import re
import shlex

from tocsin.cli.verbs import ALL_NAMES

_ACT = re.compile(
    r"(?<![\w!])!(?:#?(?P<id>E[1-9][0-9]*)\b|(?P<verb>not live|roll back|[a-z]+))(?P<rest>[^!]*)", re.ASCII
)
_NAMES = {"emergency": "open", "status": "show", "roll back": "rollback"}
_WITH_TEXT = frozenset({"hold", "lift", "refuse", "waive", "note", "unlock", "close", "suspend", "resume", "stop"})
_WORDS = re.compile(r"^(?P<head>\s*(?:E[1-9][0-9]*\b)?\s*)(?P<text>.*?)(?P<end>\s*)$", re.DOTALL)
_MISREAD = re.compile(r"['\"`$;&|()\\*?\[#~]")
_EVEN_IN_DOUBLE_QUOTES = re.compile(r"[\"`$\\]")
LEADS = "tocsin request "


def in_shell_words(text: str) -> str:
    """Return a line with every command in it as this machine's command line takes it."""
    return _ACT.sub(_as_typed, text) if "!" in text else text


def harmless(text: str) -> str:
    """Return a line without anything that a terminal would obey."""
    return "".join(each if each.isprintable() else "\ufffd" for each in text)


def _as_typed(act: re.Match[str]) -> str:
    rest, last = act["rest"], act.end() == len(act.string)
    if act["id"]:
        return f"{LEADS}describe {act['id']}{_quoted_after_dashes(rest) if last else rest}"
    name = _NAMES.get(act["verb"], act["verb"])
    if name in ("not live", "notlive"):
        return f"{LEADS}live{_no_after_id(rest)}"
    if name not in ALL_NAMES:
        return act[0]
    if not last:
        return f"{LEADS}{name}{rest}"
    if name == "open":
        return f"{LEADS}open{_quoted_after_dashes(rest)}"
    return f"{LEADS}{name}{_quoted(rest) if name in _WITH_TEXT else rest}"


def _quoted_after_dashes(rest: str) -> str:
    """The sentence behind the dashes holds what shells take for their own: semicolons, apostrophes."""
    head, dashes, text = rest.partition(" -- ")
    return f"{head}{dashes}{_quoted_text(text)}"


def _quoted(rest: str) -> str:
    """Quote the text of a command where a shell would misread it; what a line adds in brackets is not for typing."""
    found = _WORDS.match(rest)
    assert found is not None, "every text fits"
    if found["text"].startswith("("):
        return rest
    return f"{found['head']}{_quoted_text(found['text'])}{found['end']}"


def _quoted_text(text: str) -> str:
    """Places to fill in, such as <why>, stay as they are."""
    if "<" in text or not _MISREAD.search(text):
        return text
    return shlex.quote(text) if _EVEN_IN_DOUBLE_QUOTES.search(text) else f'"{text}"'


def _no_after_id(rest: str) -> str:
    return re.sub(r"^(\s*E[1-9][0-9]*)?", lambda found: f"{found[0]} no", rest, count=1)
