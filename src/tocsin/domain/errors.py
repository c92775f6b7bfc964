"""What can go wrong, named by what the person can do about it."""

from collections.abc import Iterable


class TocsinError(Exception):
    """Anything that Tocsin says no to, or could not do."""


class Refused(TocsinError):
    """The rules say no; every reason is a sentence that says what to do next."""

    def __init__(self, reasons: Iterable[str]) -> None:
        """Keep the reasons in the order in which they are to be read."""
        self.reasons = tuple(reasons)
        super().__init__(" ".join(self.reasons))


class UnknownRequest(TocsinError):
    """No request has this id, or more than one could be meant."""


class Conflict(TocsinError):
    """Someone was faster: read the request again, then decide again."""


class ChangedSince(TocsinError):
    """It has changed since the position in the record that the speaker had seen: look, then decide again."""


class AlreadyActed(TocsinError):
    """This very message was recorded before; it is never counted twice."""


class RecordUnavailable(TocsinError):
    """The record cannot be written (locked, full, gone): nothing was done."""


class Unreachable(TocsinError):
    """A system around us gave no usable answer in time."""

    def __init__(self, system: str, why: str) -> None:
        """Name the system as people know it, and what it did instead of answering."""
        self.system = system
        self.why = why
        super().__init__(f"{system}: {why}")


class Malformed(TocsinError):
    """What was sent is no act as this version knows them; the sentence names the part."""


class StepFailed(TocsinError):
    """A step could not be started at all; its outcome is known: it did not run."""
