"""A line that a person typed becomes what they want: an act, a question, a hint, or plain talk.

Laws: pure, bounded, never raises. Verbs, ids and check words come from a closed alphabet; free text may be anything.
An act is never guessed: what is nearly right is answered with what to type.
"""

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from tocsin.domain.commands import VERBS, Command
from tocsin.domain.people import PersonId, RequestId, TeamId
from tocsin.irc import wording
from tocsin.irc.acts import Malformed, act_of
from tocsin.irc.templates import cry_of
from tocsin.irc.wishes import wish_of

LONGEST_LINE = 1000
"""Characters; the network allows about 400, other ways in a little more."""
LONGEST_QUESTION = 3
"""Words of a question that names us without a colon; more is talk."""
QUESTIONS = ("status", "list", "who", "now", "next", "nowandnext", "help", "timeline", "report", "irc")
OTHER_WORDS = {"page": "wake", "pause": "stop"}
"""Understood as well: they only call people or make things safer."""
LIKE = {"approve": "confirm", "deploy": "go", "start": "go", "back": "rollback", "undo": "rollback", "ok": "good"}
"""Not understood, and answered with what is probably meant."""
MEANT = (*(verb.name for verb in VERBS), *QUESTIONS, *OTHER_WORDS, "notlive")
UNSEEN = str.maketrans("", "", "\u200b\u2060")
"""What keeps a name in a line of ours from calling its owner; it comes back when somebody copies the name."""
_ID = re.compile(r"#?(E[1-9][0-9]{0,8})[.,:;!?]*", re.ASCII | re.IGNORECASE)
_VERB = re.compile(r"[a-z]{2,20}", re.ASCII)
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_SAY_PLAINLY = "There are formatting codes or control characters in that line; type it again without them."


@dataclass(frozen=True, slots=True)
class Wanted:
    """A well-formed act; without an id it is about the one request that is open."""

    verb: str
    request: RequestId | None
    command: Command


@dataclass(frozen=True, slots=True)
class Asked:
    """A question; `words` is what else was said, such as the verb that help is wanted for."""

    verb: str
    request: RequestId | None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Unclear:
    """Meant for us and not understood; the sentence says what to type."""

    sentence: str


@dataclass(frozen=True, slots=True)
class Plain:
    """Ordinary talk, perhaps an objection or an assent, which is answered and never counted."""

    objection: bool = False
    assent: bool = False

    @property
    def is_talk(self) -> bool:
        """Neither of the two: nothing is to be done about it."""
        return not (self.objection or self.assent)


TALK = Plain()


@dataclass(frozen=True, slots=True)
class Nothing:
    """Addressed to somebody else, or to nobody."""


Line = Wanted | Asked | Unclear | Plain | Nothing


@dataclass(frozen=True, slots=True)
class Names:
    """People and teams by every name that may be typed for them, casefolded."""

    people: Mapping[str, PersonId]
    teams: Mapping[str, TeamId]


def parse(
    text: str, *, nick: str, teams: Mapping[str, TeamId], people: Mapping[str, PersonId], in_private: bool
) -> Line:
    """Return what a line means; `nick` is the bot's own."""
    if len(text) > LONGEST_LINE:
        return Unclear(f"That is {len(text)} characters; say it in at most {LONGEST_LINE}, or use the command line.")
    text = (text if text.isascii() else text.translate(UNSEEN)).strip()
    addressed, rest = _addressed(text, nick)
    cry = None if addressed == "!" else cry_of(text)
    if (cry or addressed or in_private) and _CONTROLS.search(text):
        return Unclear(_SAY_PLAINLY)
    if cry:
        return Unclear(cry) if isinstance(cry, str) else Wanted("emergency", None, cry)
    if not addressed and not in_private:
        return _named_in_passing(text, nick) or _plain(text)
    if not rest:
        return Asked("help", None) if addressed != "!" else Nothing()
    return _command(rest, Names(people, teams), surely_ours=addressed != "!" or in_private)


def nearest(verb: str) -> str:
    """Return the verb that was most likely meant, or an empty string."""
    return LIKE.get(verb) or next(iter(difflib.get_close_matches(verb, MEANT, 1, 0.7)), "")


def _addressed(text: str, nick: str) -> tuple[str, str]:
    """Return how the bot was addressed and what was then said."""
    if text.startswith("!"):
        return "!", text[1:].lstrip()
    named = _address(nick).match(text)
    return ("nick", text[named.end() :].lstrip("! ")) if named else ("", text)


@lru_cache(maxsize=8)
def _address(nick: str) -> re.Pattern[str]:
    """Return how somebody begins who speaks to a nick; the bot goes by one, or for a while by another."""
    return re.compile(rf"@?{re.escape(nick)}\s*[:,]\s*|@{re.escape(nick)}\s+", re.IGNORECASE)


def _named_in_passing(text: str, nick: str) -> Line | None:
    """`tocsin status` is a question to us; `tocsin go` may be talk about us, and is answered with what to type."""
    name, _, rest = text.partition(" ")
    if name.casefold() != nick.casefold():
        return None
    verb = _letters(rest.strip().partition(" ")[0])
    if verb not in MEANT:
        return None
    if verb in QUESTIONS and len(rest.split()) <= LONGEST_QUESTION:
        return _command(rest.strip(), Names({}, {}), surely_ours=True)
    return Unclear(f"If you say that to me:  !{rest.strip()}")


def _command(rest: str, names: Names, *, surely_ours: bool) -> Line:
    first, _, tail = rest.partition(" ")
    if _ID.fullmatch(first):
        return _said_of(first, tail.strip(), names)
    verb, tail = _verb(_letters(first), tail)
    if verb not in MEANT:
        return _not_a_verb(verb, rest[len(first) :].rstrip(), surely_ours=surely_ours)
    return _with_verb(OTHER_WORDS.get(verb, verb), tail.strip(), names)


def _verb(first: str, tail: str) -> tuple[str, str]:
    """Put the verbs of two words together: `not live`, `roll back`."""
    second, _, more = tail.strip().partition(" ")
    together = {("not", "live"): "notlive", ("roll", "back"): "rollback"}.get((first, _letters(second)))
    return (together, more) if together else (first, tail)


def _letters(word: str) -> str:
    """Return a word without capitals and what ends it; where letters are not plain it stays, or it became a verb."""
    return (word.lower() if word.isascii() else word).rstrip(".,:;?!")


def _said_of(first: str, tail: str, names: Names) -> Line:
    """`!E17 data disable -- why`, and `!E17 confirm plum-otter` as well; `!E17` alone asks how it stands."""
    request = _request(first)
    if not tail:
        return Asked("status", request)
    second, _, more = tail.partition(" ")
    verb, more = _verb(_letters(second), more)
    if verb == "rollback" and not more.strip():
        return Unclear(f"To undo what ran:  !rollback {request}  To name the remedy:  !{request} data rollback -- why")
    if verb in MEANT and verb not in wording.REMEDIES:
        return _with_verb(OTHER_WORDS.get(verb, verb), f"{request} {more}".strip(), names)
    wish = wish_of(tail)
    return Unclear(wish) if isinstance(wish, str) else Wanted("describe", request, wish)


def _with_verb(verb: str, tail: str, names: Names) -> Line:
    request, words = (None, tail) if verb == "emergency" else _take_id(tail)
    if isinstance(words, Unclear):
        return words
    if verb in QUESTIONS:
        about = words.casefold().strip("!.?, ")
        return Asked(verb, request, about if verb != "help" or about in MEANT else "")
    if verb == "describe":
        wish = wish_of(words)
        return Unclear(wish) if isinstance(wish, str) else Wanted(verb, request, wish)
    try:
        return Wanted(verb, request, act_of(verb, request, words, names.people, names.teams))
    except Malformed as unclear:
        return Unclear(str(unclear))


def _take_id(tail: str) -> tuple[RequestId | None, str | Unclear]:
    """Find the id: the first word, or else one of the next two; the rest keeps its order."""
    words = tail.split()
    found = [n for n, word in enumerate(words[:3]) if _ID.fullmatch(word)]
    if len(found) > 1 and found[0] != 0:
        return None, Unclear(f"One request at a time: {' or '.join(_request(words[n]) for n in found)}?")
    if not found:
        return None, tail
    before, after = words[: found[0]], tail.split(maxsplit=found[0] + 1)[found[0] + 1 :]
    return _request(words[found[0]]), " ".join([*before, *after])


def _request(word: str) -> RequestId:
    match = _ID.fullmatch(word)
    assert match is not None, "only ids come here"
    return RequestId(match[1].upper())


def _not_a_verb(verb: str, tail: str, *, surely_ours: bool) -> Line:
    if verb in wording.ASSENTS or verb in wording.OBJECTIONS:
        return _plain(f"{verb}{tail}")
    if verb.casefold() in MEANT:
        return Unclear(
            f"Some letters of that verb only look like plain ones. If you mean it:  !{verb.casefold()}{tail}"
        )
    if close := nearest(verb) if _VERB.fullmatch(verb) else "":
        return Unclear(f"There is no !{verb}. Did you mean:  !{'not live' if close == 'notlive' else close}{tail}")
    if not surely_ours:
        return Nothing()
    return Unclear(
        "I did not understand that. To ask for something: !emergency <change> <task> -- why. All verbs: !help"
    )


def _plain(text: str) -> Plain:
    said = " ".join(text.casefold().replace("\u2019", "'").split()).strip(" .,!?")
    if said in wording.ASSENTS:
        return Plain(assent=True)
    if not f"{said} ".startswith(wording.BEGIN_AS_OBJECTION):
        return TALK
    short = len(said.split()) <= wording.LONGEST_OBJECTION and not said.startswith(wording.NO_OBJECTION)
    return Plain(objection=short)
