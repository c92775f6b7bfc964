"""What is said when something happened: each act in as few lines as it needs, with what to type at their end."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import assert_never

from tocsin.domain import events as e
from tocsin.domain.deployment import CauseKind
from tocsin.domain.people import PersonId, RequestId, Surface
from tocsin.domain.recorded import Recorded
from tocsin.domain.request import BEFORE_GO, Request, Status
from tocsin.domain.situation import Situation
from tocsin.domain.standing import unfillable
from tocsin.views.acting import Act, Moment
from tocsin.views.lines import Free, Line, Said, fitted, free, line, quoted, told
from tocsin.views.noise import is_unsaid
from tocsin.views.passkeys import is_quiet, of_passkey
from tocsin.views.phrases import ending, lasting, listed, task_in_short
from tocsin.views.prompting import confirmed_words, more_teams, prompts
from tocsin.views.sentences.asking import introduced, shown
from tocsin.views.sentences.calling import called
from tocsin.views.sentences.every import sentence
from tocsin.views.suspensions import of_suspension

NEEDS_DEPLOYER = "needs a deployer"


def announcements(
    before: Request | None,
    after: Request,
    recorded: tuple[Recorded, ...],
    public_url: str = "",
    situation: Situation | None = None,
) -> tuple[Line, ...]:
    """Return what one act makes the request's own channel hear.

    `situation` is what was looked up at that moment, of this request; without it only what the request itself
    remembers is said: no shifts, no presence, nothing of other requests on the target.
    """
    if not recorded:
        return ()
    act = replace(Act.of(before, after, recorded, situation), public_url=public_url)
    return (*told(after.id, _sentences(act)), *_needs(act))


def public_lines(before: Request | None, after: Request) -> tuple[Line, ...]:
    """Return what the public hears of a private request: its id and its state, when it changed."""
    if not after.private or (before and before.private and before.status is after.status):
        return ()
    return (Line(hidden(after)),)


def hidden(request: Request) -> str:
    """Return all that is said in public of a private request."""
    return f"{request.id}: {request.status} (private)"


def house_lines(recorded: tuple[Recorded, ...]) -> tuple[Line, ...]:
    """Return what everybody hears of the installation itself."""
    events = (each.event for each in recorded if isinstance(each.event, e.HouseEvent))
    lines = (_house_line(event) for event in events if not is_quiet(event))
    return tuple(Line(text) for text in lines if text)


def house_sentence(event: e.HouseEvent) -> str:
    """Return what happened to the installation, for the timeline."""
    return _house_line(event) or "The configuration was read."


def _sentences(act: Act) -> Iterator[Said]:
    if act.introduces:
        yield from _introduction(act)
    before_plan = [moment for moment in act.moments if not isinstance(moment.event, e.PlanProposed)]
    plan = [moment for moment in act.moments if isinstance(moment.event, e.PlanProposed)]
    for moment in before_plan:
        if not is_unsaid(moment, act):
            yield from _said(moment, act)
    yield from more_teams(act)
    for moment in plan:
        yield from _said(moment, act)
    yield from prompts(act)


def _said(moment: Moment, act: Act) -> Iterator[Said]:
    """Say an event as it is said to people who are to act on it."""
    said = sentence(moment.event, moment.before, moment.after)
    match moment.event:
        case e.Nudged() if _another_call_follows(moment.event, act):
            yield called(moment.event, moment.after)
        case e.BecameReady():
            calls = (act.after.deployer,) if act.after.deployer else ()
            yield replace(said, words=(*said.words, confirmed_words(act)), calls=calls)
        case e.PlanProposed():
            yield from _why_anew(moment, moment.event)
            yield said
        case e.FactsLearned():
            yield said
            yield from _known_now(moment, moment.event, act)
        case e.RequestRefused() if not moment.after.refusals:
            yield from _no_emergency(moment.event.reason)
        case e.Noted() if act.surface is Surface.IRC:
            yield Said(("noted.",))
        case e.Paused():
            yield from _paused(moment, moment.event)
        case _:
            yield said


def _another_call_follows(event: e.Nudged, act: Act) -> bool:
    """Several teams are called in one line, and what to type is said once, at its end."""
    calls = [moment.event for moment in act.moments if isinstance(moment.event, e.Nudged) and moment.event.team]
    return bool(event.team and calls) and event is not calls[-1]


def _introduction(act: Act) -> Iterator[Said]:
    """The first answer: who asks for what, whom it calls, and everything around that confirmers should know."""
    request = act.after
    opened = next((moment.event for moment in act.moments if isinstance(moment.event, e.RequestOpened)), None)
    yield introduced(request, opened.on_call if opened else _on_call(act))
    if words := task_in_short(request.facts.task, private=request.private):
        yield Said((*words, "."))
    if not opened and request.proposal and request.status in BEFORE_GO and not act.has(e.PlanProposed):
        yield shown(request.proposal, request)
    if request.requester is None:
        yield Said((f"To take it on as requester: !adopt {request.id}",))
    if request.policy.informed and opened:
        yield Said((f"Informed: {request.roster.named(request.policy.informed)}.",))
    if opened and opened.told == NEEDS_DEPLOYER:
        yield Said((f"Deployer wanted: !take {request.id}",))
    if opened and opened.beside:
        yield _beside(opened.beside)
    for warning in opened.warnings if opened else ():
        yield Said((free(warning[:1].upper() + warning[1:]), "."))
    if act.public_url:
        yield Said((f"{act.public_url.rstrip('/')}/{request.id}",))
    if request.policy.banner:
        klaxon = act.situation.catalogue.klaxon
        yield Said((free(request.policy.banner), f" {klaxon}" if klaxon else ""), apart=True)


def _on_call(act: Act) -> tuple[PersonId, ...]:
    shifts = act.situation.on_call
    return tuple(person for team, people in act.after.asked for person in people if person in shifts.of(team))


def _beside(others: Iterable[RequestId]) -> Said:
    return Said((f"Also open for the same target: {', '.join(others)}.",))


def _around(act: Act) -> Iterator[Said]:
    """Say what could not be said at first, while it was not known what is changed, and where; of others only ids."""
    request, around = act.after, act.situation
    for team in unfillable(request, around):
        name = request.roster.name(team)
        yield Said(
            (f"Nobody of {name} is left who could confirm: wake somebody else, or let somebody else ask for it.",)
        )
    if not act.looked_up:
        return
    if around.ground.beside and act.has(e.TargetSettled):
        yield _beside(around.ground.beside)
    for lock in around.ground.locks:
        ago = lasting(around.now - lock.at)
        yield Said((f"{lock.request} was undone there {ago} ago, look at it first: !status {lock.request}",))


def _needs(act: Act) -> Iterator[Line]:
    """Ask the requester for what is missing, by name and at the end of everything else."""
    asked = next((moment for moment in act.moments if isinstance(moment.event, e.MoreAsked)), None)
    if asked is None or act.after.status is not Status.ASKED:
        return
    said = sentence(asked.event, asked.before, asked.after)
    if said.calls:
        yield line(f"{act.after.requester}: {act.after.id} ", *said.words, calls=said.calls)
    elif not act.introduces:
        yield line(f"{act.after.id} ", *said.words)


def _why_anew(moment: Moment, event: e.PlanProposed) -> Iterator[Said]:
    """What was shown before holds no longer: say why, and whose yes is gone."""
    before = moment.before
    if before is None or before.proposal is None:
        return
    gone = before.confirmers
    why = free(event.why or "what is to be confirmed changed")
    void = f", so the yes of {listed(gone)} is void; please look again." if gone else "; there is a new check word."
    yield Said((why, void), calls=gone)


def _known_now(moment: Moment, event: e.FactsLearned, act: Act) -> Iterator[Said]:
    """What new facts bring with them: what runs all the same, what lies around the target."""
    before, after = moment.before, moment.after
    if before is None:
        return
    if event.news and after.carrying and after.proposal and after.proposal.change:
        yield Said((f"What is carried out is {after.proposal.change.label}, as confirmed.",))
    if before.facts.change is None and after.facts.change:
        yield from _around(act)


def _no_emergency(reason: str) -> Iterator[Said]:
    """A refusal by the rules themselves is long: it may take two lines, and nothing of it is lost."""
    first, *rest = reason.split(". ")
    yield Said(("is refused and over: ", *ending(first)), is_of=True)
    yield from (Said((*ending(each),)) for each in rest)


def _paused(moment: Moment, event: e.Paused) -> Iterator[Said]:
    """A pause says why in few words; what ends it follows. Of one more cause only what that does not tell is said."""
    cause, running = event.cause, moment.after.underway.running is not None
    when = "is paused from the end of the running step on" if running else "is paused"
    if not cause.verified and cause.by:
        limit = lasting(moment.after.policy.limits.unverified_pause)
        yield Said((f"{when}, for {limit}: {cause.by}, log in and say it again.",), is_of=True, calls=(cause.by,))
    elif cause.kind is CauseKind.STOP and cause.about.strip():
        yield Said((f"{when} (", *quoted(cause.about), ")."), is_of=True)
    elif moment.before and moment.before.status is not Status.PAUSED:
        yield Said((f"{when}.",), is_of=True)


def _house_line(event: e.HouseEvent) -> str:
    match event:
        case e.PersonSuspended() | e.RestoreSupported() | e.PersonRestored():
            return _plain(*of_suspension(event))
        case e.ConfigurationChanged():
            if not event.what:
                return ""
            kept = "The configuration changed; what is open keeps the policy of its opening: "
            return _plain(kept, *ending("; ".join(event.what)))
        case e.PasskeyEnrolled() | e.PasskeyRemoved() | e.PasskeyVouched():
            return _plain(*of_passkey(event))
        case _:
            assert_never(event)


def _plain(*words: str | Free) -> str:
    return fitted(words)
