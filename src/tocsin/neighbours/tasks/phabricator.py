"""Tasks of Phabricator and Phorge: what they are called, how they stand, who may read them; and a comment on one.

Laws: an address is matched against the configured site and never fetched as typed; a task that our account does not
see is private; what the answer leaves out is unknown, and what makes a task public must all be said.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tocsin.domain.change import Task, Verdict
from tocsin.domain.errors import Refused
from tocsin.neighbours.reviews.elsewhere import shown
from tocsin.neighbours.reviews.git_naming import behind
from tocsin.neighbours.tasks.conduit import REFUSED_WHAT_WAS_ASKED, Conduit, ConduitSettings, Declined, Json
from tocsin.neighbours.tasks.links import TaskLinks, TaskSettings
from tocsin.service.ports import Tasks

LONGEST_TITLE: Final = 255
LONGEST_WORD: Final = 40
SECURITY_TOPIC: Final = "custom.security_topic"
"""Sites that keep security tasks apart say so in this field, besides the policy; without the field it says nothing."""
NO_TOPIC: Final = (None, "", "default")

_NUMBER: Final = re.compile(r"[Tt]([1-9][0-9]{0,8})", re.ASCII)
_BEHIND_THE_SITE: Final = re.compile(r"([Tt][1-9][0-9]{0,8})(?:[/?#]\S*)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class PhabricatorSettings:
    """One site, and which of its spaces the public may enter, by their PHIDs."""

    conduit: ConduitSettings
    public_spaces: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class PhabricatorTasks:
    """Answers from one site as it is now; names that are a task's here and not of its form stay plain links."""

    settings: PhabricatorSettings
    conduit: Conduit
    links: TaskLinks

    async def task(self, named: str) -> Task:
        """Return a task by its name or address, under what it was called; raises `Unreachable`."""
        name = self._name(named)
        link = await self.links.task(name)
        plain = _NUMBER.fullmatch(name)
        if plain is None:
            return link
        number = int(plain[1])
        found = await self.conduit.search("maniphest.search", ids=[number])
        if not found:
            return Task(named, public=Verdict.NO, url=self._address(number))
        if len(found) > 1 or found[0].get("id") != number:
            raise self.conduit.unfamiliar("another task than was asked for")
        return self._told(named, number, found[0]["fields"])

    async def comment(self, task: str, text: str) -> str:
        """Comment on a task and return its address; raises `Unreachable`, or `Refused` where it takes none from us."""
        plain = _NUMBER.fullmatch(self._name(task))
        system = self.settings.conduit.system
        if plain is None:
            raise Refused([f"{shown(task)} is no task on {system}, and takes no comment there."])
        name = f"T{plain[1]}"
        said = {"type": "comment", "value": text}
        try:
            result = await self.conduit.call("maniphest.edit", objectIdentifier=name, transactions=[said])
        except Declined as no:
            if no.code != REFUSED_WHAT_WAS_ASKED:
                raise
            raise Refused([f"{name} on {system} takes no comment from us: let our account see and edit it."]) from None
        if not result.get("transactions"):
            raise self.conduit.unfamiliar(f"it does not say that {name} has the comment")
        return self._address(int(plain[1]))

    def _name(self, named: str) -> str:
        """Return the name of what was typed: an address of ours becomes the name in it."""
        found = _BEHIND_THE_SITE.fullmatch(behind(named, self.settings.conduit.site))
        return found[1].upper() if found else named

    def _address(self, number: int) -> str:
        return f"{self.settings.conduit.site}/T{number}"

    def _told(self, named: str, number: int, fields: Json) -> Task:
        try:
            return Task(
                named,
                title=_text(fields, "name")[:LONGEST_TITLE],
                public=_public(fields, self.settings.public_spaces),
                url=self._address(number),
                status=_text(fields.get("status") or {}, "name")[:LONGEST_WORD].lower(),
                priority=_text(fields.get("priority") or {}, "name")[:LONGEST_WORD],
            )
        except (TypeError, AttributeError) as other:
            raise self.conduit.unfamiliar("no task of Maniphest's") from other


def tasks_from(settings: PhabricatorSettings | None, links: TaskSettings) -> Tasks:
    """Return the bug tracker: a site that is asked, where there is one, else names with an address."""
    plain = TaskLinks(links)
    return PhabricatorTasks(settings, Conduit(settings.conduit), plain) if settings else plain


def _public(fields: Json, public_spaces: frozenset[str]) -> Verdict:
    """Say whether anybody may read it: that takes its policy, no topic that hides it, and a space that is open."""
    policy, topic, space = fields.get("policy"), fields.get(SECURITY_TOPIC), fields.get("spacePHID")
    view = policy.get("view") if isinstance(policy, Mapping) else None
    if not isinstance(view, str) or not all(each is None or isinstance(each, str) for each in (topic, space)):
        return Verdict.UNKNOWN
    shows = view == "public" and topic in NO_TOPIC and (not space or space in public_spaces)
    return Verdict.YES if shows else Verdict.NO


def _text(told: Json, key: str) -> str:
    """What is left out is not known; what is there and no text is of a shape that we do not know."""
    text = told.get(key)
    if text is not None and not isinstance(text, str):
        raise TypeError(key)
    return text or ""
