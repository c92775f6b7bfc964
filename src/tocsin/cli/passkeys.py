"""Checking what passkeys answered, as far as a record holds it: nothing is asked of a server, nothing of a network."""

from collections.abc import Iterable, Iterator

from tocsin.record.entry import Entry
from tocsin.record.verifying import Problem


def of_passkeys(entries: Iterable[Entry], page: str) -> Iterator[Problem]:
    """Yield each act that a passkey did not vouch for on the page at this address, though it should have.

    What was redacted cannot be checked; what cannot be read at all is a problem.
    """
    from tocsin.domain.errors import RecordUnavailable
    from tocsin.domain.recorded import Recorded
    from tocsin.record.passkeys import flaws
    from tocsin.storage.codec.events import event_codec
    from tocsin.storage.sealing import read_event

    read, unread = list[Recorded](), list[Problem]()
    codec = event_codec()
    for each in entries:
        if each.redacted:
            continue
        row = (each.position, each.stream, each.version, each.at, each.name, each.surface, each.person, each.proof)
        try:
            read.append(read_event((*row, each.act, each.kind, each.shape, each.body), codec))
        except RecordUnavailable as error:
            unread.append(Problem(each.position, str(error)))
    yield from unread
    yield from (Problem(each.position, each.sentence) for each in flaws(read, page))
