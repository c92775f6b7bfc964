"""What somebody could do with a request now: each verb is decided as if they said it, and the rules tell why not."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from tocsin.domain.commands import (
    Abort,
    Adopt,
    Confirm,
    Go,
    Good,
    Lift,
    MakePrivate,
    MakePublic,
    Note,
    PutOnHold,
    Refuse,
    Renew,
    RequestCommand,
    Resume,
    RollBack,
    ShowPresence,
    Stop,
    Take,
    TellLive,
    TellOutcome,
    Unconfirm,
    Unlock,
    Wake,
    Withdraw,
)
from tocsin.domain.commands.closing import Close
from tocsin.domain.errors import Refused
from tocsin.domain.request import Request, Status
from tocsin.domain.situation import Situation
from tocsin.views.lines import harmless

WANTED = ("adopt", "confirm", "good", "ran", "resume", "live", "go", "take", "renew")
"""What people are waited for, the most urgent first; everything else is only offered."""
ALWAYS_SHOWN = frozenset({"confirm", "hold", "lift", "withdraw", "go", "good", "stop", "rollback", "abort"})
"""What people look for: where it would not be accepted now, it is shown with the reasons."""
SOME_REASON = "a reason that is given when it is said"


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that can be done: the verb, its button, the words that it takes, and what to type on IRC instead.

    `text` names the field that people fill in, and must where it `needs_text`; `values` are filled in already.
    `why_not` is empty when it would be accepted now. What is `grave` cannot be taken back; for what is `early` nobody
    waits yet, though it may be said.
    """

    verb: str
    label: str
    typed: str
    text: str = ""
    ask: str = ""
    needs_text: bool = False
    values: tuple[tuple[str, str], ...] = ()
    why_not: tuple[str, ...] = ()
    grave: bool = False
    early: bool = False

    @property
    def possible(self) -> bool:
        """Say whether it would be accepted now."""
        return not self.why_not


def choices(request: Request, situation: Situation) -> tuple[Choice, ...]:
    """Return everything that could be said of a request as it stands, what is wanted most first."""
    seen = _as_last_seen(request, situation)
    return tuple(_decided(choice, command, request, seen) for choice, command in _all(request))


def wanted(offered: Iterable[Choice]) -> Choice | None:
    """Return the one thing that is waited for from this person, if there is one."""
    possible = [each for each in offered if each.possible and not each.early and each.verb in WANTED]
    return min(possible, key=lambda each: WANTED.index(each.verb), default=None)


def is_wanted(request: Request, situation: Situation) -> bool:
    """Say whether anything is waited for from this person: what `wanted` says of all choices, and cheaper."""
    seen = _as_last_seen(request, situation)
    asked = (pair for pair in _all(request) if pair[0].verb in WANTED and not pair[0].early)
    return any(not _objections(command, request, seen) for _, command in asked)


def _as_last_seen(request: Request, situation: Situation) -> Situation:
    """Nobody is asked anew for a button: the change is taken to be as it was last seen, until somebody says go."""
    unknown = tuple(dict.fromkeys((*situation.unknown, *request.facts.unknown)))
    return replace(situation, change=situation.change or request.facts.change, unknown=unknown)


def _decided(choice: Choice, command: RequestCommand, request: Request, situation: Situation) -> Choice:
    if reasons := _objections(command, request, situation):
        return replace(choice, why_not=reasons)
    if not choice.text or choice.needs_text:
        return choice
    silent: RequestCommand = replace(command, **{choice.text: ""})  # type: ignore[arg-type]  # it has that field
    return replace(choice, needs_text=bool(_objections(silent, request, situation)))


def _objections(command: RequestCommand, request: Request, situation: Situation) -> tuple[str, ...]:
    try:
        command.decide(request, situation)
    except Refused as refused:
        return tuple(map(harmless, refused.reasons))  # they quote people
    return ()


def _all(request: Request) -> Iterator[tuple[Choice, RequestCommand]]:
    yield from _before_go(request)
    yield from _while_carried_out(request)
    yield from _always(request)
    yield from _afterwards(request)


def _before_go(request: Request) -> Iterator[tuple[Choice, RequestCommand]]:
    name, word = request.id, request.proposal.check_word if request.proposal else ""
    yield Choice("adopt", "Take it on as requester", f"!adopt {name}"), Adopt()
    confirm = Choice("confirm", "Confirm", f"!confirm {name} {word}", values=(("check_word", word),))
    yield confirm, Confirm(word)
    yield Choice("unconfirm", "Take my yes back", f"!unconfirm {name}"), Unconfirm()
    early = request.status in (Status.ASKED, Status.CONFIRMING)
    yield Choice("take", "Become the deployer", f"!take {name}", early=early), Take()
    yield Choice("go", "Go: start it", f"!go {name}", grave=True), Go()
    refuse = Choice("refuse", "Refuse", f"!refuse {name} <why>", text="reason", ask="Why not?", needs_text=True)
    yield refuse, Refuse(SOME_REASON)
    yield Choice("withdraw", "Withdraw", f"!withdraw {name}", grave=True), Withdraw()


def _while_carried_out(request: Request) -> Iterator[tuple[Choice, RequestCommand]]:
    name = request.id
    looked = request.deployment.checkpoint if request.deployment else None
    place = looked.name if looked else ""
    good = Choice(
        "good", f"Good: {place} looks right" if place else "Good", f"!good {name}", values=(("checkpoint", place),)
    )
    yield good, Good(place)
    stop = Choice("stop", "Stop after the running step", f"!stop {name}", text="reason", ask="Why?")
    yield stop, Stop()
    resume = Choice("resume", "Resume", f"!resume {name}", text="reason", ask="Why?")
    yield resume, Resume(SOME_REASON)
    yield Choice("rollback", "Roll back", f"!rollback {name}", grave=True), RollBack()
    yield Choice("abort", "Abort: kill the running step", f"!abort {name} now", grave=True), Abort()
    for ran, said in ((True, "yes"), (False, "no")):
        label = "The step did run" if ran else "The step did not run"
        yield Choice("ran", label, f"!ran {name} {said}", values=(("ran", said),)), TellOutcome(ran)
    yield Choice("live", "I see it live", f"!live {name}", values=(("live", "yes"),)), TellLive(True)
    yield Choice("live", "I see it is not live", f"!not live {name}", values=(("live", "no"),)), TellLive(False)
    close = Choice(
        "close", "Close by hand", f"!close {name} <what is true now>", text="what", ask="What is true now?",
        needs_text=True, grave=True,
    )  # fmt: skip
    yield close, Close(SOME_REASON)


def _always(request: Request) -> Iterator[tuple[Choice, RequestCommand]]:
    name = request.id
    hold = Choice(
        "hold", "Hold: not yet", f"!hold {name} <why>", text="reason", ask="What must be known first?", needs_text=True
    )
    yield hold, PutOnHold(SOME_REASON)
    for each in request.holds:
        whose = Choice(
            "lift", f"Lift the hold of {each.person}", f"!lift {name} {each.person} -- <why>", text="reason",
            ask="Why?", values=(("holder", str(each.person)),),
        )  # fmt: skip
        yield whose, Lift(SOME_REASON, each.person)
    yield Choice("here", "I am here", f"!here {name}"), ShowPresence()
    yield Choice("wake", "Wake those who are needed", f"!wake {name}"), Wake()
    yield (
        Choice("note", "Add a remark", f"!note {name} <text>", text="text", ask="Your remark", needs_text=True),
        Note(SOME_REASON),
    )
    if request.private:
        yield Choice("public", "Make it public again", f"!public {name}"), MakePublic()
    else:
        yield Choice("private", "Make it private", f"!private {name}"), MakePrivate()


def _afterwards(request: Request) -> Iterator[tuple[Choice, RequestCommand]]:
    name = request.id
    yield Choice("renew", "Ask again", f"!renew {name}"), Renew()
    unlock = Choice(
        "unlock",
        "Open the target again",
        f"!unlock {name} <why>",
        text="why",
        ask="How was the cause addressed?",
        needs_text=True,
    )
    yield unlock, Unlock(SOME_REASON)
