"""Who says a line: somebody verified by the account of that very line, or a voice that may only make things safer."""

from tocsin.domain.commands.holding import PutOnHold
from tocsin.domain.commands.pausing import Stop
from tocsin.domain.people import Marks, Speaker, Surface
from tocsin.irc.events import LineHeard
from tocsin.irc.grammar import Line, Plain, Wanted
from tocsin.irc.identities import PATIENCE_SECONDS, Identities

TOWARDS_SAFETY = (Stop, PutOnHold)
SOON_SECONDS = 0.7
"""A stop or a hold waits no longer for services: it then pauses as an unverified voice may, and that is said."""


class Speakers:
    """Finds the person behind each line."""

    def __init__(self, identities: Identities) -> None:
        """Take what knows accounts."""
        self._identities = identities

    async def speaker(self, line: LineHeard, wanted: Line) -> Speaker:
        """Say who speaks: checked against the pinned registration, which services may first have to be asked for."""
        marks = Marks(line.nick, line.host, line.account or "")
        act = f"irc {line.message_id}" if line.message_id else ""
        doubt, person = line.doubt, self._identities.person_of_account(line.account)
        if line.verified and line.account:
            doubt = await self._doubt(line.account, line.nick, wanted)
            if person and not doubt:
                return Speaker(line.nick, Surface.IRC, person.id, None, marks, self._proof(line), "", act)
        claimed = person.id if person else self._identities.person_of_nick(line.nick)
        return Speaker(line.nick, Surface.IRC, None, claimed, marks, "", doubt, act)

    def may_be_known(self, line: LineHeard) -> bool:
        """Say whether a line bears an account or a nick that the directory has; nothing is asked for that."""
        known = self._identities.person_of_account(line.account) if line.account else None
        return known is not None or self._identities.person_of_nick(line.nick) is not None

    async def _doubt(self, account: str, nick: str, wanted: Line) -> str:
        """Ask services only for somebody whom the directory knows, or who wants something."""
        if isinstance(wanted, Plain) and self._identities.person_of_account(account) is None:
            return "not in the directory"
        return await self._identities.doubt(account, nick, _patience(wanted))

    def _proof(self, line: LineHeard) -> str:
        registration = self._identities.registration(line.account or "")
        return f"services account {line.account} ({registration}), message {line.message_id or 'without id'}"


def is_towards_safety(wanted: Line) -> bool:
    """Say whether a line wants nothing but a stop or a hold."""
    return isinstance(wanted, Wanted) and isinstance(wanted.command, TOWARDS_SAFETY)


def _patience(wanted: Line) -> float:
    return SOON_SECONDS if is_towards_safety(wanted) else PATIENCE_SECONDS
