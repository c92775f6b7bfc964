"""Who shows signs of life on IRC: begun by verified lines, ended by leaving or being away; being joined is none.

Law: where it is not sure that somebody is here, they are not, and are asked: a word of theirs settles it.
"""

from collections.abc import Callable
from datetime import datetime

from tocsin.domain.people import PersonId, Presence
from tocsin.irc.events import AccountChanged, Departed, WentAway

PersonOf = Callable[[str | None], PersonId | None]


class IrcPresence:
    """The last verified line of each person, and since when none of their connections is left."""

    def __init__(
        self,
        person_of: PersonOf,
        still_here: Callable[[PersonId], bool],
        joined: Callable[[], frozenset[PersonId]] = frozenset,
    ) -> None:
        """Take ways to find the person of an account, to ask whether they are still here, and who is joined at all."""
        self._person_of = person_of
        self._joined = joined
        self._still_here = still_here
        self._seen: dict[PersonId, datetime] = {}
        self._gone: dict[PersonId, datetime] = {}

    def presence(self) -> Presence:
        """Return what was seen."""
        return Presence(tuple(self._seen.items()), tuple(self._gone.items()), self._joined())

    def spoke(self, person: PersonId, at: datetime) -> None:
        """Note a verified line, by when it was heard: who left before it was read stays gone."""
        self._seen[person] = max(at, self._seen.get(person, at))
        gone = self._gone.get(person)
        if gone is not None and gone <= at:
            del self._gone[person]

    def left(self, event: Departed | AccountChanged | WentAway, now: datetime) -> None:
        """Note that a connection is gone, away or signed out; the person is gone when it was the last one."""
        account = event.old if isinstance(event, AccountChanged) else event.account
        person = self._person_of(account)
        if person is not None and not self._still_here(person):
            self._gone.setdefault(person, now)

    def lost_sight(self, now: datetime) -> None:
        """After the bot was thrown out of a channel those whom it sees nowhere else may have left unseen."""
        for person in self._seen:
            if not self._still_here(person):
                self._gone.setdefault(person, now)

    def all_unsure(self, now: datetime) -> None:
        """After a split or a lost connection nobody is known to be here until they say something."""
        for person in self._seen:
            self._gone.setdefault(person, now)
