"""The words after a verb become the fields of its command; what is missing or too much is said with an example."""

import re
from collections.abc import Callable, Mapping

from tocsin.domain.commands import (
    VERBS,
    Abort,
    Adopt,
    Close,
    Command,
    Confirm,
    Give,
    Go,
    Good,
    Lift,
    MakePrivate,
    MakePublic,
    Need,
    Note,
    PutOnHold,
    Refuse,
    Renew,
    Restore,
    Resume,
    RollBack,
    ShowPresence,
    Stop,
    Suspend,
    Take,
    TellLive,
    TellOutcome,
    Unconfirm,
    Unlock,
    Waive,
    Wake,
    Withdraw,
)
from tocsin.domain.errors import TocsinError
from tocsin.domain.people import PersonId, RequestId, TeamId
from tocsin.irc.templates import emergency_of

_WORD = re.compile(r"[A-Za-z]+[-_ ][A-Za-z]+", re.ASCII)
_COURTESIES = ("", "please", "pls", "thanks", "thank you", "thx", "now")
_DASHES = re.compile(r"(?:^|\s)(?:--|\u2014)\s+")
People = Mapping[str, PersonId]
Teams = Mapping[str, TeamId]


class Malformed(TocsinError):
    """The verb is known and what follows it does not fit; the sentence says how it is typed."""


def act_of(verb: str, request: RequestId | None, words: str, people: People, teams: Teams) -> Command:
    """Return the command; raises `Malformed`."""
    if verb == "emergency":
        made = emergency_of(words)
        if isinstance(made, str):
            raise Malformed(made)
        return made
    if verb in _ALONE:
        return _alone(verb, request, words)
    if verb in _WITH_TEXT:
        return _WITH_TEXT[verb](words)
    return _special(verb, words, people, teams)


def usage(verb: str) -> str:
    """Return how a verb is typed, with an example."""
    found = next(each for each in VERBS if each.name == verb)
    return f"!{verb} {found.usage}, e.g.  {found.example}"


_ALONE: Mapping[str, Callable[[], Command]] = {
    "adopt": Adopt,
    "unconfirm": Unconfirm,
    "take": Take,
    "here": ShowPresence,
    "wake": Wake,
    "go": Go,
    "rollback": RollBack,
    "renew": Renew,
    "withdraw": Withdraw,
    "private": MakePrivate,
    "public": MakePublic,
    "live": lambda: TellLive(live=True),
    "notlive": lambda: TellLive(live=False),
}
_WITH_TEXT: Mapping[str, Callable[[str], Command]] = {
    "note": Note,
    "refuse": Refuse,
    "hold": PutOnHold,
    "good": Good,
    "stop": Stop,
    "resume": Resume,
    "unlock": Unlock,
    "close": Close,
}


def _alone(verb: str, request: RequestId | None, words: str) -> Command:
    """Take a verb that needs nothing more: thanks do no harm, and anything else might take back what the verb says."""
    if words.casefold().strip(" .,!:)-") not in _COURTESIES:
        said = f"!{'not live' if verb == 'notlive' else verb} {request or '<id>'}"
        raise Malformed(f"Nothing else stands after that. If you mean it, type just:  {said}")
    return _ALONE[verb]()


def _special(verb: str, words: str, people: People, teams: Teams) -> Command:
    first, _, rest = words.partition(" ")
    match verb:
        case "confirm":
            return _confirm(words, teams)
        case "lift":
            return _lift(words, people)
        case "need":
            return Need(_team(words, teams))
        case "waive":
            return Waive(_team(first, teams), rest.strip())
        case "give":
            return Give(_person(words, people))
        case "suspend":
            return Suspend(_person(first, people), rest.strip())
        case "restore":
            return Restore(_person(first, people))
        case "abort":
            return _abort(words)
        case "ran":
            return _ran(words)
        case _:
            raise Malformed(f"There is no !{verb}. All verbs: !help")


def _confirm(words: str, teams: Teams) -> Confirm:
    word, _, team = words.partition(" for ")
    word = word.strip(" .,!")
    if word and not _WORD.fullmatch(word):
        raise Malformed(f"A check word is two plain words, as it was shown to you: {usage('confirm')}")
    return Confirm(word, _team(team, teams) if team.strip() else None)


def _lift(words: str, people: People) -> Lift:
    parts = _DASHES.split(words, maxsplit=1)
    said = parts[0].strip()
    first, _, rest = said.partition(" ")
    if first.casefold() in people:
        reason = parts[1] if len(parts) > 1 else rest
        return Lift(reason.strip(), people[first.casefold()])
    return Lift((parts[1] if len(parts) > 1 else said).strip())


def _abort(words: str) -> Abort:
    if words.lower().strip(" .!") != "now":
        raise Malformed(
            "That kills the running step, and nobody knows then what it did. If you mean it:  !abort E17 now"
        )
    return Abort()


def _ran(words: str) -> TellOutcome:
    answer = {"yes": True, "no": False}.get(words.lower().strip(" .!"))
    if answer is None:
        raise Malformed(f"Did it run? {usage('ran')}")
    return TellOutcome(ran=answer)


def _team(words: str, teams: Teams) -> TeamId:
    plain = words.casefold().strip(" .,!")
    found = teams.get(plain) or teams.get(plain.removeprefix("the ").removesuffix(" team"))
    if found is None:
        named = ", ".join(sorted(set(teams.values())))
        raise Malformed(f"Which team? There are {named}.")
    return found


def _person(words: str, people: People) -> PersonId:
    found = people.get(words.casefold().strip(" .,!:"))
    if found is None:
        raise Malformed(
            f"The directory knows nobody named {words.strip()[:40] or 'that'}; say a nick or name as it has them."
        )
    return found
