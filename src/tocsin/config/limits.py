"""The limits in time that a configuration may change, each with its sentence; what they do is told in the rules."""

from dataclasses import replace
from datetime import timedelta

from pydantic import Field

from tocsin.config.checking import Table
from tocsin.config.names import Duration
from tocsin.domain.policy import Limits

_USUAL = Limits()


def _limit(usual: timedelta, sentence: str) -> timedelta:
    """A field whose default is that of the rules; typed as what it holds, as pydantic's own `Field` is."""
    field: timedelta = Field(default=usual, description=sentence)
    return field


class LimitsTable(Table):
    """Limits in time, written as `15 s`, `10 min`, `4 h` or `7 days`; what is left out stays as it is."""

    act_expires: Duration = _limit(_USUAL.act_expires, "A request without an act for so long expires, before go.")
    yes_lasts: Duration = _limit(_USUAL.yes_lasts, "How old a yes may be at the start of the deployment.")
    go_after_yes: Duration = _limit(_USUAL.go_after_yes, "How long go waits after the last yes.")
    go_after_objection: Duration = _limit(
        _USUAL.go_after_objection, "How long go waits after plain words such as *not yet*, once for each person."
    )
    presence: Duration = _limit(_USUAL.presence, "How old an act may be for its person to be present.")
    on_call_answers: Duration = _limit(
        _USUAL.on_call_answers, "After so long without an answer from who is on call, any member of the team counts."
    )
    holder_answers: Duration = _limit(
        _USUAL.holder_answers, "After so long without an answer from its holder, a hold can be overruled."
    )
    team_answers: Duration = _limit(
        _USUAL.team_answers, "After so long without an answer, a specialist team that was woken can be waived."
    )
    all_answer: Duration = _limit(
        _USUAL.all_answer, "After so long without any answer, the way by hand is told once more."
    )
    remind: Duration = _limit(_USUAL.remind, "When people asked are reminded.")
    widen: Duration = _limit(_USUAL.widen, "When more people of the team are asked.")
    wake: Duration = _limit(_USUAL.wake, "When people are woken.")
    adopt: Duration = _limit(_USUAL.adopt, "When a stranger's request that nobody adopts wakes people.")
    remind_ready: Duration = _limit(_USUAL.remind_ready, "When a confirmed request without go is reminded of.")
    window_soon: Duration = _limit(
        _USUAL.window_soon, "A window that starts within so long is a reason to ask whether it can wait."
    )
    good_after: Duration = _limit(_USUAL.good_after, "How long a checkpoint must be announced before a good counts.")
    remind_look: Duration = _limit(_USUAL.remind_look, "When people are reminded to look at a checkpoint.")
    wake_look: Duration = _limit(_USUAL.wake_look, "When people are woken to look at a checkpoint.")
    propose_rollback: Duration = _limit(
        _USUAL.propose_rollback, "When a rollback is proposed at a checkpoint that nobody called good."
    )
    absence: Duration = _limit(_USUAL.absence, "How long a person who is needed may be gone before it pauses.")
    stopper_answers: Duration = _limit(
        _USUAL.stopper_answers, "After so long without an answer from who stopped it, the confirmers may end the stop."
    )
    remind_pause: Duration = _limit(_USUAL.remind_pause, "When people are reminded of a pause.")
    wake_pause: Duration = _limit(_USUAL.wake_pause, "When a pause wakes people.")
    ask_again: Duration = _limit(_USUAL.ask_again, "After so long a pause, every yes is asked for again.")
    proof: Duration = _limit(_USUAL.proof, "How long proof is looked for before a rollback is proposed.")
    rollback_open: Duration = _limit(_USUAL.rollback_open, "How long after done a rollback needs no new request.")
    unverified_pause: Duration = _limit(
        _USUAL.unverified_pause, "How long the stop or hold of an unverified voice pauses."
    )
    suspend_every: Duration = _limit(_USUAL.suspend_every, "How often one person may suspend another.")
    review: Duration = _limit(_USUAL.review, "When the review of what was deployed is due.")

    def over(self, limits: Limits) -> Limits:
        """Return these limits with what is written here in their place."""
        return replace(limits, **self.model_dump(exclude_unset=True))
