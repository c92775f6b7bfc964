"""What came to nothing, as a page tells it: the status of the answer, and every reason."""

from tocsin.domain.errors import Conflict, RecordUnavailable, Refused, TocsinError


def told(error: TocsinError) -> tuple[int, tuple[str, ...]]:
    """Return the status of the answer, and the reasons in sentences."""
    match error:
        case Refused():
            return 422, error.reasons
        case RecordUnavailable():
            return 503, (f"Nothing was done: the record cannot be written ({error}).",)
        case Conflict():
            return 409, (str(error),)
        case _:
            return 422, (str(error),)
