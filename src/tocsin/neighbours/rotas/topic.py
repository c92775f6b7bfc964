"""Who is on call as a channel's topic says, by a pattern; whoever may set the topic may narrow a team, and no more.

Law: only the beginning of a topic is looked at, so that no topic takes long to read.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias

from tocsin.domain.errors import Unreachable
from tocsin.domain.people import OnCall
from tocsin.neighbours.rotas.people import Names, RotaPeople
from tocsin.neighbours.rotas.sources import TopicSettings

TopicOf: TypeAlias = Callable[[str], str | None]
"""Tells a channel's topic, or nothing where it is not known."""
LONGEST_TOPIC: Final = 400

_UNSEEN: Final = re.compile(r"\x03(?:\d{1,2}(?:,\d{1,2})?)?|[\x00-\x1f\x7f\u200b-\u200d\u2060\ufeff]")
"""Colours, and what keeps a name in a topic from calling its owner."""
_BETWEEN: Final = re.compile(r"[\s,;/&+()<>]+")
_NO_NAMES: Final = frozenset({"and", "-", "none", "nobody"})


@dataclass(frozen=True, slots=True)
class TopicRota:
    """The topic of one channel."""

    settings: TopicSettings
    people: RotaPeople
    topic: TopicOf

    async def on_call(self, now: datetime) -> OnCall:
        """Return who is on call as the topic says now; raises `Unreachable` where it is not known."""
        topic = self.topic(self.settings.channel)
        if topic is None:
            raise Unreachable(topic_of(self.settings), "it is not known: the bot is not there, or was not told it")
        found = re.search(self.settings.pattern, _UNSEEN.sub("", topic)[:LONGEST_TOPIC], re.IGNORECASE)
        groups = found.groupdict() if found else {}
        asked, backups = (list(_nicks(groups.get(name) or "")) for name in ("nicks", "backups"))
        return self.people.on_call(asked, backups)


def topic_of(settings: TopicSettings) -> str:
    """Return what people call it when it is not known."""
    return f"the topic of {settings.channel}"


def _nicks(text: str) -> Iterator[Names]:
    yield from ((word,) for word in _BETWEEN.split(text) if word and word.casefold() not in _NO_NAMES)
