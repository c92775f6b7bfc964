"""Everything that can happen, on one page. This file only grows: add, never rename or change what is here."""

# long: whoever asks what can happen reads one page, and a page that only grows is not split.

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from tocsin.domain.deployment import Cause, CauseKind, Direction, Fate
from tocsin.domain.people import Marks, PersonId, RequestId, Roster, TargetId, TeamId
from tocsin.domain.policy import Policy
from tocsin.domain.wish import Facts, Proposal, Wish


class Nudge(StrEnum):
    """What the clock says of its own accord; each is said once for each team or stage."""

    REMINDED = "reminded"
    WIDENED = "widened"
    WOKEN = "woken"
    UNANSWERED = "unanswered"
    ADOPTION = "adoption wanted"
    READY = "ready, go wanted"
    LOOK = "look wanted"
    LOOK_WOKEN = "look wanted, woken"
    LOOK_ROLLBACK = "look missing, rollback proposed"
    PAUSE = "paused still"
    PAUSE_WOKEN = "paused still, woken"
    ASKED_AGAIN = "yes asked again"
    PROOF_MISSING = "proof missing, rollback proposed"
    REVIEW = "review due"


WAKING = frozenset({Nudge.WOKEN, Nudge.LOOK_WOKEN, Nudge.PAUSE_WOKEN})
"""The nudges that wake people, wherever they are."""


class WakeOutcome(StrEnum):
    """What came of waking one person."""

    SENT = "sent"
    FAILED = "failed"
    NOBODY = "nobody to reach"
    LATE = "too late"


class Enrolment(StrEnum):
    """What vouched for somebody who enrolled a passkey, beside the session in which they did."""

    FIRST = "first"
    WITH_OLDER = "with an older passkey"
    VOUCHED = "vouched"


class Outside(StrEnum):
    """Where others are told how a deployment goes."""

    ADMIN_LOG = "admin log"
    TASK = "task"


class Arrival(StrEnum):
    """What became of telling them: `failed` is tried again, `seen` and `missing` are what reading it back showed."""

    SENT = "sent"
    SEEN = "seen"
    MISSING = "missing"
    FAILED = "failed"


# --- asking ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RequestOpened:
    """Somebody cried for help; `requester` is empty while only a stranger has asked.

    `on_call` are those of the people asked who are on call, `beside` the target's other open requests, and `warnings`
    what everybody must know from the first answer on, in sentences.
    """

    id: RequestId
    wording: str
    name: str
    requester: PersonId | None
    marks: Marks
    channel: str
    private: bool
    target: TargetId | None
    policy: Policy
    roster: Roster
    wish: Wish
    asked: tuple[tuple[TeamId, tuple[PersonId, ...]], ...]
    told: str = ""
    on_call: tuple[PersonId, ...] = ()
    beside: tuple[RequestId, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RequestAdopted:
    """Somebody known became the requester of a stranger's request."""

    person: PersonId


@dataclass(frozen=True, slots=True)
class WishStated:
    """What is asked for was completed or changed."""

    wish: Wish


@dataclass(frozen=True, slots=True)
class FactsLearned:
    """The systems around were asked; `news` says in words what changed since last time, if anything did."""

    facts: Facts
    news: str = ""


@dataclass(frozen=True, slots=True)
class TargetSettled:
    """The change told which target this is; from here on its policy and roster hold."""

    target: TargetId
    channel: str
    policy: Policy
    roster: Roster


@dataclass(frozen=True, slots=True)
class PlanProposed:
    """A plan and its check word are shown; confirmations of anything else are void, and `why` says so."""

    proposal: Proposal
    why: str = ""


@dataclass(frozen=True, slots=True)
class MoreAsked:
    """What must still be said or found out before anybody can confirm, in words that differ from those before."""

    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlanWithdrawn:
    """What was to be confirmed is no longer whole: something must be said anew first."""

    why: str


@dataclass(frozen=True, slots=True)
class Noted:
    """Somebody added a remark, which changes nothing."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class SeenNotCounted:
    """Somebody unverified tried to act; it was answered and does not count."""

    name: str
    verb: str
    doubt: str


# --- confirming -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ConfirmationGiven:
    """One person's yes; it may be counted for `teams`, and as the one on call for `on_call_for`."""

    person: PersonId
    teams: frozenset[TeamId]
    on_call_for: frozenset[TeamId]
    check_word: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class ConfirmationTakenBack:
    """Somebody took their yes back."""

    person: PersonId


@dataclass(frozen=True, slots=True)
class ConfirmationVoided:
    """A yes stopped counting for a reason that its giver did not choose."""

    person: PersonId
    why: str


@dataclass(frozen=True, slots=True)
class BecameReady:
    """The quorum is met and nothing holds; `counted` says who counts for which team."""

    counted: tuple[tuple[PersonId, TeamId], ...]


@dataclass(frozen=True, slots=True)
class NoLongerReady:
    """Something of what made the request ready is gone."""

    why: str


# --- holding --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class HoldPlaced:
    """Somebody's "not yet"; an unverified one lapses by itself."""

    person: PersonId
    reason: str
    verified: bool = True


@dataclass(frozen=True, slots=True)
class LiftSupported:
    """One member of a required team would lift somebody's hold."""

    holder: PersonId
    person: PersonId
    team: TeamId
    reason: str


@dataclass(frozen=True, slots=True)
class HoldLifted:
    """A hold is gone; `overruled` when neither its giver nor their team lifted it."""

    holder: PersonId
    person: PersonId
    reason: str
    overruled: bool = False


@dataclass(frozen=True, slots=True)
class HoldLapsed:
    """An unverified hold or stop was not made good in time."""

    holder: PersonId


@dataclass(frozen=True, slots=True)
class ObjectionHeard:
    """Plain words such as "not yet" by a member of a named team: go waits a little, once for each person."""

    person: PersonId
    words: str


@dataclass(frozen=True, slots=True)
class RefusalGiven:
    """A member of a required team says no."""

    person: PersonId
    reason: str


@dataclass(frozen=True, slots=True)
class RefusalAgreed:
    """The requester agrees with the no."""

    person: PersonId


@dataclass(frozen=True, slots=True)
class RequestRefused:
    """The no stands and the request is over."""

    reason: str


# --- people and teams -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TeamNeeded:
    """A specialist team must confirm as well."""

    person: PersonId
    team: TeamId


@dataclass(frozen=True, slots=True)
class WaiverSupported:
    """One confirmer would do without a specialist team."""

    person: PersonId
    team: TeamId
    reason: str


@dataclass(frozen=True, slots=True)
class TeamWaived:
    """A specialist team that did not answer need not confirm; it is informed."""

    team: TeamId


@dataclass(frozen=True, slots=True)
class DeployerTaken:
    """Somebody became the deployer, perhaps after somebody else."""

    person: PersonId
    before: PersonId | None = None


@dataclass(frozen=True, slots=True)
class PresenceShown:
    """Somebody said that they are here."""

    person: PersonId


@dataclass(frozen=True, slots=True)
class Nudged:
    """The clock, or somebody through it, called people; `team` or `stage` says what for."""

    nudge: Nudge
    people: tuple[PersonId, ...] = ()
    team: TeamId | None = None
    stage: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class WakeAttempted:
    """Somebody was to be woken by the call of that moment; `via` are the kinds of services that took the message.

    What other services did instead stands in `detail`, in words; no address is ever kept.
    """

    person: PersonId
    called_at: datetime
    outcome: WakeOutcome
    via: tuple[str, ...] = ()
    detail: str = ""


# --- carrying out ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DeploymentStarted:
    """Everything was checked again and the plan is carried out from here on."""

    deployer: PersonId
    counted: tuple[tuple[PersonId, TeamId], ...]
    check_word: str
    unvouched: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StepStarted:
    """An attempt at a step was claimed; from here on it is never started again by itself."""

    direction: Direction
    step: int
    attempt: int


@dataclass(frozen=True, slots=True)
class StepEnded:
    """An attempt at a step came to an end; the hash is SHA-256 of its whole output."""

    direction: Direction
    step: int
    attempt: int
    fate: Fate
    exit_code: int | None
    took: timedelta
    output_sha256: str
    output_bytes: int
    last_line: str


@dataclass(frozen=True, slots=True)
class CheckpointReached:
    """The plan waits for people to look."""

    step: int
    name: str


@dataclass(frozen=True, slots=True)
class GoodGiven:
    """Somebody looked and found it good."""

    person: PersonId
    step: int


@dataclass(frozen=True, slots=True)
class CheckpointPassed:
    """Enough people found it good."""

    step: int


@dataclass(frozen=True, slots=True)
class ProvingStarted:
    """The last step ended; now it is to be seen from outside."""

    direction: Direction


@dataclass(frozen=True, slots=True)
class ProofSeen:
    """A proof was looked at: live, not live, or neither."""

    proof: int
    live: bool | None
    saw: str


@dataclass(frozen=True, slots=True)
class LiveTold:
    """A person's own observation."""

    person: PersonId
    live: bool


@dataclass(frozen=True, slots=True)
class RequestDone:
    """It is live, and proved."""

    saw: str
    follow_ups: tuple[str, ...]
    took: timedelta


# --- pausing --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Paused:
    """A cause to wait came up; a step that runs ends first."""

    cause: Cause


@dataclass(frozen=True, slots=True)
class CauseAgreed:
    """One of those who can end a cause of the pause together agrees."""

    kind: CauseKind
    by: PersonId | None
    person: PersonId
    reason: str


@dataclass(frozen=True, slots=True)
class CauseEnded:
    """A cause of the pause is over; `repeated` says whether a failed step waits to be run again."""

    kind: CauseKind
    by: PersonId | None
    person: PersonId | None
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Resumed:
    """It goes on."""

    person: PersonId


@dataclass(frozen=True, slots=True)
class AbortAsked:
    """Somebody had the running step killed."""

    person: PersonId


@dataclass(frozen=True, slots=True)
class OutcomeTold:
    """Somebody says whether the step of unknown outcome ran."""

    person: PersonId
    ran: bool


@dataclass(frozen=True, slots=True)
class OutcomeSettled:
    """Two people agree on what became of the step of unknown outcome."""

    ran: bool


# --- going back -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RollbackAsked:
    """Somebody wants to go back, where a second person must say it too."""

    person: PersonId


@dataclass(frozen=True, slots=True)
class RollbackAgreed:
    """Going back is settled; it begins when the running step has ended."""

    person: PersonId


@dataclass(frozen=True, slots=True)
class RollbackStarted:
    """The steps that ran are undone, in this order; their places in the plan."""

    steps: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RolledBack:
    """It is proved to be gone, and the target is locked."""

    saw: str
    follow_ups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TargetUnlocked:
    """What went wrong was addressed; the target may be deployed to again."""

    person: PersonId
    why: str


# --- ending ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RequestWithdrawn:
    """The requester took the request back."""

    person: PersonId


@dataclass(frozen=True, slots=True)
class RequestExpired:
    """Nobody did anything for too long."""


@dataclass(frozen=True, slots=True)
class RequestRenewed:
    """The requester asks again after expiry; earlier confirmations are gone."""

    person: PersonId
    policy: Policy
    roster: Roster


@dataclass(frozen=True, slots=True)
class ClosingSupported:
    """One of those who can close a paused deployment together wants to."""

    person: PersonId
    what: str


@dataclass(frozen=True, slots=True)
class ClosedByHand:
    """People ended a paused deployment, saying what is true now."""

    people: tuple[PersonId, ...]
    what: str


@dataclass(frozen=True, slots=True)
class StartedOutside:
    """The change was seen live before go: this was never confirmed, and never will be."""

    saw: str


# --- what may be said -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MadePrivate:
    """From now on nothing is said in public."""

    person: PersonId | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class PublicSupported:
    """One of the two who can make it public together wants to."""

    person: PersonId


@dataclass(frozen=True, slots=True)
class MadePublic:
    """From now on everything may be said again."""

    people: tuple[PersonId, ...]


# --- told to others -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OutsideTold:
    """Others were told, or not: `about` says of what, such as `started` or `done`; `text` is what they were told."""

    place: Outside
    about: str
    text: str
    outcome: Arrival
    detail: str = ""


# --- the whole house ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PersonSuspended:
    """A person stops counting everywhere, until restored."""

    person: PersonId
    by: PersonId
    reason: str


@dataclass(frozen=True, slots=True)
class RestoreSupported:
    """One of the two who can restore a suspended person together wants to.

    Where `by` is that very person they said it with a passkey, which is theirs since `passkey_since`.
    """

    person: PersonId
    by: PersonId
    passkey_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class PersonRestored:
    """A suspended person counts again."""

    person: PersonId
    by: tuple[PersonId, ...]


@dataclass(frozen=True, slots=True)
class ConfigurationChanged:
    """Directory, policies, recipes or calendar were read anew; `what` says how they differ."""

    what: tuple[str, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class PasskeyEnrolled:
    """A person can confirm with one more passkey; `by` vouched for them, where somebody had to.

    `credential` and `public_key` are base64url; the key is a DER SubjectPublicKeyInfo, as every tool reads it. A first
    one is as sure as the session alone in which it was enrolled.
    """

    person: PersonId
    credential: str
    public_key: str
    name: str
    how: Enrolment
    by: PersonId | None = None


@dataclass(frozen=True, slots=True)
class PasskeyRemoved:
    """A passkey counts no more: its person took it away, or it was `replaced` by one that somebody vouched for."""

    person: PersonId
    credential: str
    name: str
    replaced: bool = False


@dataclass(frozen=True, slots=True)
class PasskeyVouched:
    """Somebody of the same team knows that a person lost their passkeys and may enrol anew, for a while."""

    person: PersonId
    by: PersonId
    reason: str


RequestEvent = (
    RequestOpened
    | RequestAdopted
    | WishStated
    | FactsLearned
    | TargetSettled
    | PlanProposed
    | PlanWithdrawn
    | MoreAsked
    | Noted
    | SeenNotCounted
    | ConfirmationGiven
    | ConfirmationTakenBack
    | ConfirmationVoided
    | BecameReady
    | NoLongerReady
    | HoldPlaced
    | LiftSupported
    | HoldLifted
    | HoldLapsed
    | ObjectionHeard
    | RefusalGiven
    | RefusalAgreed
    | RequestRefused
    | TeamNeeded
    | WaiverSupported
    | TeamWaived
    | DeployerTaken
    | PresenceShown
    | Nudged
    | WakeAttempted
    | DeploymentStarted
    | StepStarted
    | StepEnded
    | CheckpointReached
    | GoodGiven
    | CheckpointPassed
    | ProvingStarted
    | ProofSeen
    | LiveTold
    | RequestDone
    | Paused
    | CauseAgreed
    | CauseEnded
    | Resumed
    | AbortAsked
    | OutcomeTold
    | OutcomeSettled
    | RollbackAsked
    | RollbackAgreed
    | RollbackStarted
    | RolledBack
    | TargetUnlocked
    | RequestWithdrawn
    | RequestExpired
    | RequestRenewed
    | ClosingSupported
    | ClosedByHand
    | StartedOutside
    | MadePrivate
    | PublicSupported
    | MadePublic
    | OutsideTold
)

HouseEvent = (
    PersonSuspended
    | RestoreSupported
    | PersonRestored
    | ConfigurationChanged
    | PasskeyEnrolled
    | PasskeyRemoved
    | PasskeyVouched
)

Event = RequestEvent | HouseEvent
