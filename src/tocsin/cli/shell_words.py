"""What is to be typed on IRC as it is typed in a shell: `!go E17` is `tocsin request go E17`."""

import re
import shlex

from tocsin.cli.verbs import ALL_NAMES

_ACT = re.compile(
    r"(?<![\w!])!(?:#?(?P<id>E[1-9][0-9]*)\b|(?P<verb>not live|roll back|[a-z]+))(?P<rest>[^!]*)", re.ASCII
)
_NAMES = {"emergency": "open", "status": "show", "roll back": "rollback"}
_WORDS = re.compile(r"^(?P<head>\s*(?:E[1-9][0-9]*\b)?\s*)(?P<text>.*?)(?P<end>\s*)$", re.DOTALL)
_UNSAFE = re.compile(r"['\"`$;&()\\*!#~]|^-|\s-- ")
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
        return f"{LEADS}describe {act['id']}{_quoted_after_dashes(rest)}"
    name = _NAMES.get(act["verb"], act["verb"])
    if name in ("not live", "notlive"):
        return f"{LEADS}live{_no_after_id(rest)}"
    if name not in ALL_NAMES:
        return act[0]
    if name == "open":
        return f"{LEADS}open{_quoted_after_dashes(rest)}"
    return f"{LEADS}{name}{_quoted(rest) if last else rest}"


def _quoted_after_dashes(rest: str) -> str:
    """The sentence behind the dashes holds what shells take for their own: semicolons, apostrophes."""
    head, dashes, text = rest.partition(" -- ")
    return f"{head} -- {_quoted_text(text)}" if dashes else head


def _quoted(rest: str) -> str:
    """Quote the text of the last command in a line where a shell would misread it; places to fill in stay."""
    found = _WORDS.match(rest)
    assert found is not None, "every text fits"
    return rest if not _UNSAFE.search(found["text"]) else f"{found['head']}{_quoted_text(found['text'])}{found['end']}"


def _quoted_text(text: str) -> str:
    return text if "<" in text or not text.strip() else shlex.quote(text)


def _no_after_id(rest: str) -> str:
    return re.sub(r"^(\s*E[1-9][0-9]*)?", lambda found: f"{found[0]} no", rest, count=1)
