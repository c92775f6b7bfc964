"""How requests stand: all that are open in a line each, and one of them in a few."""

from collections.abc import Iterable, Iterator

from tocsin.domain.deployment import CauseKind
from tocsin.domain.progress import RunStep, next_step
from tocsin.domain.request import BEFORE_GO, Request, Status
from tocsin.domain.situation import Situation
from tocsin.domain.standing import quorum, unfillable
from tocsin.views.announcing import hidden
from tocsin.views.counting import quorum_of
from tocsin.views.lines import Said, Words, fitted, free, told
from tocsin.views.outside import outside
from tocsin.views.phrases import counted_for, ending, lasting, listed, step_at, target_of, task_in_short, what
from tocsin.views.prompting import lookers
from tocsin.views.sentences.asking import needing, reasons_given, shown
from tocsin.views.sentences.calling import how_it_goes_on, in_person, to_go
from tocsin.views.sentences.pausing import cause_words

MOST_LISTED = 8
NOTHING_OPEN = "Nothing is open. To ask for something: !emergency <change> <task> -- what is broken, and for whom"


def listing(requests: Iterable[Request], *, may_hear_private: bool) -> list[str]:
    """Return a line for each open request, the newest last; where there are many, the older ones by id alone."""
    every = [each for each in requests if each.open]
    older, newer = every[:-MOST_LISTED], every[-MOST_LISTED:]
    more = [fitted(("Open too: ", free(", ".join(each.id for each in older))))] if older else []
    return [*more, *(_listed(each, may_hear_private=may_hear_private) for each in newer)] or [NOTHING_OPEN]


def status(request: Request, situation: Situation, public_url: str = "") -> list[str]:
    """Return how a request stands: what it is, who is missing and what holds it, and what to type next."""
    took = lasting(situation.now - request.since)
    age = f", for {took} now" if request.open else f", {took} ago"
    link = f" {public_url.rstrip('/')}/{request.id}" if public_url else ""
    first = Said((f"is {request.status}{age}: ", *_matter(request), f", for {_asker(request)}.", link), is_of=True)
    why = [Said(("Why: ", *reasons_given(request.wish), "."))] if request.wish.sentence else []
    task = task_in_short(request.facts.task, private=request.private)
    sentences = [
        first,
        *([Said((*task, "."))] if task else []),
        *why,
        *outside(request),
        *_state(request, situation),
    ]
    return [line.text for line in told(request.id, sentences)]


def _listed(request: Request, *, may_hear_private: bool) -> str:
    if request.private and not may_hear_private:
        return hidden(request)
    lacking = quorum_of(request).missing_teams
    needed = f"; needs {request.roster.named(lacking)}" if lacking and request.status in BEFORE_GO else ""
    held = f"; on hold by {listed(hold.person for hold in request.holds)}" if request.holds else ""
    return fitted((f"{request.id} is {request.status}: ", *_matter(request), f", for {_asker(request)}{needed}{held}."))


def _matter(request: Request) -> Words:
    kind = ", ".join(filter(None, (request.wish.reason, request.wish.remedy)))
    return *what(request), f"{f', {kind}' if kind else ''} on {target_of(request)}"


def _asker(request: Request) -> str:
    return str(request.requester) if request.requester else f"{fitted((free(request.name),))}, not known here"


def _state(request: Request, situation: Situation) -> Iterator[Said]:
    """Say what is particular to where it stands, ending with what to type."""
    match request.status:
        case Status.ASKED:
            yield needing(request.lacking or request.wish.missing(), request)
        case Status.CONFIRMING:
            yield from _confirming(request, situation)
        case Status.READY:
            counted = counted_for(request, quorum(request, situation).counted)
            yield Said((f"is confirmed by {counted}. {to_go(request)}",), is_of=True)
        case Status.PAUSED:
            yield from _paused(request)
        case Status.DEPLOYING | Status.VERIFYING | Status.ROLLING_BACK:
            yield from _carried(request, situation)
        case Status.EXPIRED:
            yield Said((f"To ask again: !renew {request.id}",))
        case Status.ROLLED_BACK | Status.CLOSED if request.locks_target:
            lock = f"{target_of(request)} is locked for it; to open it: !unlock {request.id} <how it was addressed>"
            yield Said((lock,))
        case _:
            pass


def _confirming(request: Request, situation: Situation) -> Iterator[Said]:
    counting = quorum(request, situation)
    if counting.counted:
        yield Said((f"has the yes of {counted_for(request, counting.counted)}.",), is_of=True)
    if counting.missing_teams:
        yield Said((f"Still needed: {request.roster.named(counting.missing_teams)}.",))
    for team in unfillable(request, situation):
        yield Said((f"Nobody of {request.roster.name(team)} is left who could confirm.",))
    for hold in request.holds:
        yield Said((f"is on hold by {hold.person} (!lift {request.id}): ", *ending(hold.reason)), is_of=True)
    if request.proposal:
        yield shown(request.proposal, request)


def _paused(request: Request) -> Iterator[Said]:
    for cause in request.underway.causes:
        if cause.kind in (CauseKind.STOP, CauseKind.HOLD):
            yield Said(("is ", *cause_words(cause), "."), is_of=True)
    if request.underway.running is not None:
        yield _running(request)
    yield Said((how_it_goes_on(request),))


def _carried(request: Request, situation: Situation) -> Iterator[Said]:
    deployment = request.underway
    due = next_step(request)
    if deployment.checkpoint:
        typed = f"!good {request.id} ({', '.join(lookers(request, situation))})"
        yield Said((f"waits at {deployment.checkpoint.name}: look at it, then {typed}",), is_of=True)
    elif deployment.running is not None:
        yield _running(request)
    elif isinstance(due, RunStep):
        yield Said((f"comes to {step_at(request, due.step, undoing=deployment.going_back)}.",), is_of=True)
    elif deployment.proving:
        seen = "gone" if deployment.going_back else "live"
        yield Said((f"waits to be seen {seen}. What you see yourself: {in_person(request)}",), is_of=True)
    if not deployment.proving and not deployment.checkpoint:
        yield Said((f"Deployer: {request.deployer}. To pause it: !stop {request.id}",))


def _running(request: Request) -> Said:
    deployment = request.underway
    assert deployment.running is not None, "asked only while a step runs"
    return Said((f"runs {step_at(request, deployment.running, undoing=deployment.going_back)}.",), is_of=True)
