"""Sentences about carrying it out: go, each step, each look, and the proof."""

from typing import assert_never

from tocsin.domain import events as e
from tocsin.domain.deployment import Direction, Fate
from tocsin.domain.plan import CommandProof, DeployedProof, FetchProof, MetricProof, Proof, VersionProof, WordProof
from tocsin.domain.request import Request
from tocsin.views.lines import Said, Words, free, harmless, quoted
from tocsin.views.phrases import counted_for, ending, lasting, listed, step_at, step_name


def started(event: e.DeploymentStarted, request: Request) -> Said:
    """It is carried out from here on."""
    unvouched = f" No answer from {listed(event.unvouched)}." if event.unvouched else ""
    confirmed = counted_for(request, event.counted)
    return Said((f"is being deployed by {event.deployer}, confirmed by {confirmed}.{unvouched}",), is_of=True)


def step_started(event: e.StepStarted, request: Request) -> Said:
    """A step was claimed and runs."""
    again = f", attempt {event.attempt}" if event.attempt > 1 else ""
    return Said((f"{_step(request, event.direction, event.step)} starts{again}.",), is_of=True)


def step_ended(event: e.StepEnded, request: Request) -> Said:
    """How a step ended, and the last line that it wrote."""
    last = (", ", *quoted(event.last_line)) if event.last_line.strip() else ()
    return Said((f"{_step(request, event.direction, event.step)}... {_fate(event)}", *last, "."), is_of=True)


def checkpoint(event: e.CheckpointReached) -> Said:
    """The plan waits for people to look."""
    return Said((f"waits at {event.name} for people to look.",), is_of=True)


def good(event: e.GoodGiven, request: Request) -> Said:
    """Somebody found it good."""
    return Said((f"{event.person} finds {_looked_at(request, event.step)} good.",))


def passed(event: e.CheckpointPassed, before: Request | None, request: Request) -> Said:
    """Enough people found it good."""
    looked = before.deployment.checkpoint if before and before.deployment else None
    by = f" by {listed(looked.goods)}" if looked and looked.goods else ""
    return Said((f"{_looked_at(request, event.step)} is found good{by}.",))


def proving(event: e.ProvingStarted, request: Request) -> Said:
    """No step is left; now it is to be seen."""
    done, seen = ("every step ran", "live") if event.direction is Direction.FORWARD else ("all is undone", "gone")
    proofs = request.proposal.plan.proofs if request.proposal else ()
    return Said((f"{done}; now it is to be seen {seen}: ", free(listed(_proof(each) for each in proofs)), "."))


def proof_seen(event: e.ProofSeen, request: Request) -> Said:
    """A proof was looked at."""
    back = request.deployment is not None and request.deployment.going_back
    verdict = {True: "still live" if back else "live", False: "gone" if back else "not live yet", None: "not known"}
    return Said((f"{verdict[event.live]}: ", *ending(event.saw)))


def told_live(event: e.LiveTold) -> Said:
    """Somebody's own observation."""
    return Said((f"{event.person} says that it is {'live' if event.live else 'not live'}.",))


def done(event: e.RequestDone, request: Request) -> Said:
    """It is live, and proved; what is left to do is named."""
    left = (" Left to do: ", free("; ".join(event.follow_ups)), ".") if event.follow_ups else ()
    asks, calls = (f" {request.requester}: is it fixed?", (request.requester,)) if request.requester else ("", ())
    words = ("is live, ", *seen_words(event.saw), f". {lasting(event.took)} from asking.{asks}", *left)
    return Said(words, is_of=True, calls=calls)


def seen_words(saw: str) -> Words:
    """Return what showed it, as it stands in a sentence."""
    return ("by ", free(saw)) if saw.endswith("word") else (free(saw),)


def _step(request: Request, direction: Direction, step: int) -> str:
    return step_at(request, step, undoing=direction is Direction.BACK)


def _fate(event: e.StepEnded) -> str:
    took = lasting(event.took)
    match event.fate:
        case Fate.ENDED if event.exit_code == 0:
            return f"done in {took}"
        case Fate.ENDED:
            return f"failed with exit code {event.exit_code} after {took}"
        case Fate.TIMED_OUT:
            return f"took too long and was ended after {took}"
        case Fate.KILLED:
            return f"killed after {took}: nobody knows what it did"
        case Fate.UNKNOWN:
            return "nobody knows how it ended"
        case _:
            assert_never(event.fate)


def _looked_at(request: Request, step: int) -> str:
    plan = request.proposal.plan if request.proposal else None
    return (plan.steps[step].look if plan and 0 <= step < len(plan.steps) else "") or step_name(request, step)


def _proof(proof: Proof) -> str:
    match proof:
        case FetchProof() | DeployedProof() | VersionProof():
            return f"on {harmless(proof.url)}"
        case MetricProof():
            return f"by the metric {harmless(proof.query)}"
        case CommandProof():
            return f"by {harmless(proof.arguments[0].rpartition('/')[2]) if proof.arguments else 'a command'}"
        case WordProof():
            return "by people's word"
        case _:
            assert_never(proof)
