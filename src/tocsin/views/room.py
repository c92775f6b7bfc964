"""All that the room of a request shows, computed from the request and what is known around it; its look is elsewhere.

Law: what stands here as text came from outside or from us, and is text; nothing in it is markup.
"""

import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from tocsin.domain.change import Change, Verdict
from tocsin.domain.deployment import Direction, StepState, StepStatus
from tocsin.domain.people import PersonId, TeamId
from tocsin.domain.plan import (
    CommandProof,
    DeployedProof,
    FetchProof,
    MetricProof,
    Proof,
    Step,
    VersionProof,
    WordProof,
)
from tocsin.domain.progress import RunStep, command_at
from tocsin.domain.request import BEFORE_GO, Request, Status
from tocsin.domain.situation import CALENDAR, Situation
from tocsin.domain.standing import could_fill, is_present, places, quorum, required_teams, unfillable
from tocsin.views.lines import harmless, uncut
from tocsin.views.phrases import SHA_LETTERS, listed, target_of
from tocsin.views.sentences.asking import aged, calendar, reasons_given

TROUBLED = frozenset({Status.PAUSED, Status.ROLLING_BACK, Status.ROLLED_BACK, Status.REFUSED})
"""Where something went wrong, or is going back: shown in red, and always with its word too."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that is known, or said not to be; `url` is where it can be read, if anywhere."""

    name: str
    text: str
    url: str = ""
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person as they stand here: whether they are on call for what is asked of them, and whether they are here."""

    person: PersonId
    on_call: bool = False
    here: bool = False


@dataclass(frozen=True, slots=True)
class Needed:
    """One team that must confirm: who did, how many more are wanted, and who could."""

    team: str
    filled: tuple[Somebody, ...]
    wanted: int
    could: tuple[Somebody, ...]
    only_on_call: bool
    hopeless: bool


@dataclass(frozen=True, slots=True)
class Held:
    """A hold that stands."""

    person: PersonId
    reason: str
    at: datetime
    verified: bool


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of the plan, or of its undoing, with how it stands; `attempt` names what it printed, if it ran."""

    number: int
    name: str
    command: str
    undo: str
    look: str
    status: str
    attempt: str = ""
    at_checkpoint: bool = False

    @property
    def troubled(self) -> bool:
        """Say whether it went wrong, or nobody knows."""
        return self.status in (StepStatus.FAILED, StepStatus.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Room:
    """Everything that everybody who may see a request sees of it."""

    id: str
    status: str
    troubled: bool
    headline: str
    why: str
    check_word: str
    facts: tuple[Fact, ...]
    needed: tuple[Needed, ...]
    informed: str
    holds: tuple[Held, ...]
    roles: tuple[tuple[str, Somebody | None], ...]
    plan: tuple[Stage, ...]
    undoing: tuple[Stage, ...]
    proofs: tuple[str, ...]
    missing: tuple[str, ...]
    expires: datetime | None


def room(request: Request, situation: Situation) -> Room:
    """Return the room of a request as it stands at the situation's moment."""
    return Room(
        id=request.id,
        status=request.status,
        troubled=request.status in TROUBLED,
        headline=headline(request),
        why=uncut(reasons_given(request.wish)),
        check_word=request.proposal.check_word if request.proposal else "",
        facts=tuple(_facts(request, situation)),
        needed=tuple(_needed(request, situation)),
        informed=request.roster.named(request.policy.informed),
        holds=tuple(Held(each.person, harmless(each.reason), each.at, each.verified) for each in request.holds),
        roles=tuple(_roles(request, situation)),
        plan=tuple(_plan(request)),
        undoing=tuple(_undoing(request)),
        proofs=tuple(proof_in_words(each) for each in request.proposal.plan.proofs) if request.proposal else (),
        missing=(request.lacking or request.wish.missing()) if request.status is Status.ASKED else (),
        expires=request.acted_at + request.policy.limits.act_expires if request.status in BEFORE_GO else None,
    )


def begun(request: Request) -> tuple[Stage, ...]:
    """Return the steps that were begun, there and back, in that order: they may have printed something."""
    return tuple(stage for stage in (*_plan(request), *_undoing(request)) if stage.attempt)


def headline(request: Request) -> str:
    """Return in one sentence who asks for what, where and for which reason."""
    asker = request.requester or f"{harmless(request.name)} (not known here)"
    remedy = f"{request.wish.remedy} " if request.wish.remedy else ""
    reason = f", reason: {request.wish.reason}" if request.wish.reason else ""
    change = request.facts.change
    matter = f"{change.label} \u201c{harmless(change.subject)}\u201d" if change else harmless(request.wish.named)
    matter = matter or (f"recipe {request.wish.recipe}" if request.wish.recipe else "something not named yet")
    return f"{asker} asks for an emergency {remedy}on {target_of(request)}: {matter}{reason}"


def proof_in_words(proof: Proof) -> str:
    """Return what will be looked at before anything is called done."""
    match proof:
        case FetchProof():
            return f"{proof.url} {'shows' if proof.present else 'no longer shows'} {proof.text!r}"
        case CommandProof():
            return f"{shlex.join(proof.arguments)} ends with 0"
        case DeployedProof():
            return f"{proof.url} runs {proof.sha} of {proof.project}, or a later commit that holds it"
        case VersionProof():
            return f"{proof.url} says that {proof.component} is {proof.version}"
        case MetricProof():
            side = f"below {proof.below}" if proof.below else f"above {proof.above}"
            return f"{proof.query} was {side} for {int(proof.span.total_seconds())} s, by {proof.url}"
        case WordProof():
            return "the requester's word, or the deployer's with a confirmer's"


def _facts(request: Request, situation: Situation) -> Iterator[Fact]:
    facts, wish = request.facts, request.wish
    change = request.proposal.change if request.proposal and request.deployment else facts.change
    yield from _change(change) if change else _no_change(request)
    yield from _task(request)
    yield Fact("Calendar", calendar(facts, situation.now), doubtful=CALENDAR in facts.unknown)
    if wish.going_back:
        why = f": {harmless(wish.going_back_why)}" if wish.going_back_why else ""
        yield Fact("Safe to go back", f"{wish.going_back}{why}", doubtful=wish.going_back is not Verdict.YES)
    if wish.wiki:
        told = harmless(wish.wiki.community_told)
        yield Fact("Edit", f"{harmless(wish.wiki.page)} on {harmless(wish.wiki.wiki)}; community told: {told}")
    if facts.unknown:
        silent = listed(harmless(each) for each in facts.unknown)
        yield Fact("Nobody could say", f"{silent} did not answer.{aged(facts, situation.now)}", doubtful=True)
    if request.proposal and request.proposal.after:
        yield Fact("Deployed before", f"{request.proposal.after} was the last on {target_of(request)}")
    yield Fact("Policy", request.policy.label)
    yield Fact("Asked in these words", harmless(request.wording))


def _change(change: Change) -> Iterator[Fact]:
    author = harmless(change.author_name) or listed(sorted(change.authors)) or "author not known"
    yield Fact("Change", f"{change.label} \u201c{harmless(change.subject)}\u201d by {author}", change.url)
    yield Fact("Project", f"{harmless(change.project)}, branch {harmless(change.branch)}")
    yield Fact("Exactly", f"patchset {change.patchset}, {change.sha[:SHA_LETTERS]} ({change.sha})")
    size = change.size
    counted = (
        f"+{size.added} -{size.removed} on {size.files} file{'' if size.files == 1 else 's'}"
        if size
        else "size not known"
    )
    ci = {Verdict.YES: "CI passed", Verdict.NO: "CI failed"}.get(change.ci, "CI not known")
    merge = {Verdict.YES: "mergeable", Verdict.NO: "not mergeable"}.get(
        change.mergeable, "whether it merges is not known"
    )
    yield Fact("State", f"{change.status}, {counted}, {ci}, {merge}", doubtful=change.ci is not Verdict.YES)
    if change.brings:
        yield Fact("Brings along", harmless(", ".join(change.brings)), doubtful=True)


def _no_change(request: Request) -> Iterator[Fact]:
    if request.facts.refused:
        yield Fact("Change", harmless(request.facts.refused), doubtful=True)
    elif request.wish.named:
        yield Fact("Change", f"{harmless(request.wish.named)}, which nobody has seen yet", doubtful=True)
    else:
        yield Fact("Change", "none")


def _task(request: Request) -> Iterator[Fact]:
    task = request.facts.task
    if task is None:
        if request.wish.task:
            yield Fact("Task", harmless(request.wish.task))
        return
    shown = request.private or task.public is Verdict.YES
    title = f" \u201c{harmless(task.title)}\u201d" if task.title and shown else ""
    stands = ", ".join(filter(None, (harmless(task.status), harmless(task.priority)))) if shown else ""
    yield Fact("Task", f"{harmless(task.id)}{title}{f' ({stands})' if stands else ''}", task.url)


def _needed(request: Request, situation: Situation) -> Iterator[Needed]:
    counting, hopeless = quorum(request, situation), unfillable(request, situation)
    for team in required_teams(request):
        filled = [person for person, each in counting.counted if each == team]
        wanted = sum(place.team == team for place in places(request)) - len(filled)
        could = could_fill(request, situation, team) if wanted > 0 else ()
        narrow = any(place.on_call for place in places(request) if place.team == team)
        yield Needed(
            request.roster.name(team),
            tuple(_somebody(request, situation, filled, team)),
            wanted,
            tuple(_somebody(request, situation, could, team)),
            narrow,
            team in hopeless,
        )


def _somebody(
    request: Request, situation: Situation, people: Iterable[PersonId], team: TeamId | None = None
) -> Iterator[Somebody]:
    for person in people:
        on_call = team is not None and person in situation.on_call.of(team)
        yield Somebody(person, on_call, is_present(request, situation, person))


def _roles(request: Request, situation: Situation) -> Iterator[tuple[str, Somebody | None]]:
    for name, person in (("Requester", request.requester), ("Deployer", request.deployer)):
        yield name, next(_somebody(request, situation, [person]), None) if person else None


def _plan(request: Request) -> Iterator[Stage]:
    if request.proposal is None:
        return
    states = request.deployment.forward if request.deployment else ()
    looked = request.deployment.checkpoint if request.deployment else None
    for place, step in enumerate(request.proposal.plan.steps):
        state = states[place] if place < len(states) else StepState()
        at_checkpoint = looked is not None and looked.step == place
        yield _stage(request, Direction.FORWARD, place, step, state, at_checkpoint=at_checkpoint)


def _undoing(request: Request) -> Iterator[Stage]:
    if request.deployment is None:
        return
    for place, state in enumerate(request.deployment.back):
        step = command_at(request, Direction.BACK, place)
        yield _stage(request, Direction.BACK, place, step, state)


def _stage(  # noqa: PLR0913 - one row of a table
    request: Request, direction: Direction, place: int, step: Step, state: StepState, *, at_checkpoint: bool = False
) -> Stage:
    attempt = RunStep(direction, place, state.attempt, step, started=True).name(request) if state.attempt else ""
    return Stage(
        number=place + 1,
        name=harmless(step.name),
        command=harmless(shlex.join(step.arguments)),
        undo=harmless(shlex.join(step.undo)) if step.undo else "",
        look=harmless(step.look),
        status=state.status,
        attempt=attempt,
        at_checkpoint=at_checkpoint,
    )
