"""The list of all commands: each verb that a person can say, on every surface, and how it is said."""

from dataclasses import dataclass

from tocsin.domain.commands.carrying_out import Go, Good
from tocsin.domain.commands.closing import Close, Renew, Withdraw
from tocsin.domain.commands.confirming import Confirm, Refuse, Unconfirm
from tocsin.domain.commands.enrolling import EnrolPasskey, RemovePasskey, VouchForPasskey
from tocsin.domain.commands.hiding import MakePrivate, MakePublic
from tocsin.domain.commands.holding import Lift, PutOnHold
from tocsin.domain.commands.opening import Adopt, Ask, Describe, Note
from tocsin.domain.commands.pausing import Abort, Resume, Stop, TellOutcome
from tocsin.domain.commands.proving import TellLive
from tocsin.domain.commands.rolling_back import RollBack, Unlock
from tocsin.domain.commands.staffing import Give, Need, ShowPresence, Take, Waive, Wake
from tocsin.domain.commands.suspending import ComeBack, Restore, Suspend

__all__ = [
    "VERBS",
    "Abort",
    "Adopt",
    "Ask",
    "Close",
    "ComeBack",
    "Command",
    "Confirm",
    "Describe",
    "EnrolPasskey",
    "Give",
    "Go",
    "Good",
    "HouseCommand",
    "Lift",
    "MakePrivate",
    "MakePublic",
    "Need",
    "Note",
    "PasskeyCommand",
    "PutOnHold",
    "Refuse",
    "RemovePasskey",
    "Renew",
    "RequestCommand",
    "Restore",
    "Resume",
    "RollBack",
    "ShowPresence",
    "Stop",
    "Suspend",
    "Take",
    "TellLive",
    "TellOutcome",
    "Unconfirm",
    "Unlock",
    "Verb",
    "VouchForPasskey",
    "Waive",
    "Wake",
    "Withdraw",
]

RequestCommand = (
    Adopt
    | Describe
    | Note
    | Confirm
    | Unconfirm
    | Refuse
    | PutOnHold
    | Lift
    | Need
    | Waive
    | Take
    | Give
    | ShowPresence
    | Wake
    | Go
    | Good
    | Stop
    | Resume
    | Abort
    | TellOutcome
    | TellLive
    | RollBack
    | Unlock
    | Renew
    | Withdraw
    | Close
    | MakePrivate
    | MakePublic
)
"""What a person can say of one request that is there."""

HouseCommand = Suspend | Restore
"""What a person can say of the whole installation."""

PasskeyCommand = EnrolPasskey | RemovePasskey | VouchForPasskey | ComeBack
"""What a person can do on the page alone, for it takes their device."""

Command = Ask | RequestCommand | HouseCommand


@dataclass(frozen=True, slots=True)
class Verb:
    """One word that people say: what it means, how it is written after the id, and one example."""

    name: str
    meaning: type
    usage: str = ""
    example: str = ""

    @property
    def help(self) -> str:
        """Return what the verb does, in one sentence: the docstring of its command."""
        return (self.meaning.__doc__ or "").partition("\n")[0].strip()


VERBS = (
    Verb("emergency", Ask, "<change> [task] [reason] [text]", "!emergency 1234 T1234 data -- pages are corrupted"),
    Verb("adopt", Adopt, "<id>", "!adopt E17"),
    Verb(
        "describe",
        Describe,
        "<id> <reason> <remedy> [with <recipe> ...] [anyway] -- <text>",
        "!E17 data disable -- why",
    ),
    Verb("note", Note, "<id> <text>", "!note E17 users in Asia see it too"),
    Verb("confirm", Confirm, "<id> <check word> [for <team>]", "!confirm E17 plum-otter"),
    Verb("unconfirm", Unconfirm, "<id>", "!unconfirm E17"),
    Verb("refuse", Refuse, "<id> <reason>", "!refuse E17 this would lose today's edits"),
    Verb("hold", PutOnHold, "<id> <reason>", "!hold E17 who is watching the caches?"),
    Verb("lift", Lift, "<id> [whose] [-- reason]", "!lift E17"),
    Verb("need", Need, "<id> <team>", "!need E17 security"),
    Verb("waive", Waive, "<id> <team> <reason>", "!waive E17 security nobody answers"),
    Verb("take", Take, "<id>", "!take E17"),
    Verb("give", Give, "<id> <person>", "!give E17 mo-sre"),
    Verb("here", ShowPresence, "<id>", "!here E17"),
    Verb("wake", Wake, "<id>", "!wake E17"),
    Verb("go", Go, "<id>", "!go E17"),
    Verb("good", Good, "<id> [checkpoint]", "!good E17"),
    Verb("stop", Stop, "[id] [reason]", "!stop"),
    Verb("resume", Resume, "<id> [reason]", "!resume E17"),
    Verb("abort", Abort, "<id> now", "!abort E17 now"),
    Verb("ran", TellOutcome, "<id> yes|no", "!ran E17 yes"),
    Verb("live", TellLive, "<id>", "!live E17"),
    Verb("rollback", RollBack, "<id>", "!rollback E17"),
    Verb("unlock", Unlock, "<id> <why>", "!unlock E17 the cache key carries the version now"),
    Verb("renew", Renew, "<id>", "!renew E17"),
    Verb("withdraw", Withdraw, "<id>", "!withdraw E17"),
    Verb("close", Close, "<id> <what is true now>", "!close E17 canaries run 1234/3, the rest the old version"),
    Verb("private", MakePrivate, "<id>", "!private E17"),
    Verb("public", MakePublic, "<id>", "!public E17"),
    Verb("suspend", Suspend, "<person> <reason>", "!suspend lin their laptop was stolen"),
    Verb("restore", Restore, "<person>", "!restore lin"),
)
