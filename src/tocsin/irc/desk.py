"""What the bot needs to know to answer one line: what it means, which request it is about, where that is at home."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from tocsin.domain.commands import Renew, RollBack, Unlock
from tocsin.domain.commands.pausing import Stop
from tocsin.domain.errors import UnknownRequest
from tocsin.domain.people import Directory, RequestId, Speaker
from tocsin.domain.request import Request, Status
from tocsin.irc import calling
from tocsin.irc.events import LineHeard
from tocsin.irc.grammar import Asked, Names, Wanted, parse
from tocsin.irc.grammar import Line as Meaning
from tocsin.irc.patience import Left, Patience
from tocsin.irc.sending import About
from tocsin.irc.where import Where
from tocsin.service.questions import Questions
from tocsin.service.requests import Requests
from tocsin.views.lines import Line

AFTERWARDS: Mapping[type, frozenset[Status]] = {
    RollBack: frozenset({Status.DONE}),
    Renew: frozenset({Status.EXPIRED}),
    Unlock: frozenset({Status.ROLLED_BACK, Status.CLOSED}),
}
"""What can be said of a request that is over, and of which."""


class Mouth(Protocol):
    """What speaks on IRC."""

    def say(
        self, target: str, text: str, *, urgent: bool = False, merge_key: str | None = None, about: About | None = None
    ) -> None:
        """Say a line as soon as its turn comes."""
        ...

    def room(self, target: str) -> int:
        """Return how many bytes of text a line to the target may have."""
        ...


class Desk:
    """Answers the bot's questions about one line, from the requests as they stand."""

    def __init__(
        self, requests: Requests, questions: Questions, where: Where, directory: Callable[[], Directory], mouth: Mouth
    ) -> None:
        """Take the requests, what puts answers in words, and ways to find people and channels."""
        self._requests = requests
        self._questions = questions
        self.where = where
        self.directory = directory
        self._mouth = mouth
        self._patience = Patience()
        self._names: tuple[Directory | None, Names] = (None, Names({}, {}))
        self.nick: Callable[[], str] = lambda: "tocsin"
        self.names_in: Callable[[str], calling.Names] = lambda _: calling.NOBODY

    def parse(self, text: str, *, in_private: bool) -> Meaning:
        """Return what a line means, by the names that people and teams have now."""
        names = self._names_now()
        return parse(text, nick=self.nick(), teams=names.teams, people=names.people, in_private=in_private)

    def patience(self, line: LineHeard, now: datetime) -> Left:
        """Count a line that is to be answered, and say how much patience is left for who said it.

        Whoever is signed in has patience of their own: somebody else who floods under their nick uses up none of it.
        """
        voice = f"account {line.account}" if line.verified else f"nick {line.nick}"
        return self._patience.left(voice, now)

    def which(self, wanted: Wanted, channel: str | None) -> tuple[RequestId, ...]:
        """Return the requests that an act is about; raises `UnknownRequest` when that is not clear."""
        if wanted.request:
            if self._requests.find(wanted.request) is None:
                raise UnknownRequest(f"There is no request {wanted.request}. {self._choice(wanted, channel)}")
            return (wanted.request,)
        here = self.open_here(channel)
        running = tuple(each for each in here if each.carrying)
        if isinstance(wanted.command, Stop) and running:
            return tuple(each.id for each in running)
        if len(here) == 1 and not isinstance(wanted.command, Renew | Unlock):
            return (here[0].id,)
        raise UnknownRequest(f"Which request? {self._choice(wanted, channel)}")

    def open_here(self, channel: str | None) -> tuple[Request, ...]:
        """Return the requests that are open and handled in a channel; all that are open where there is no channel."""
        return tuple(
            each for each in self._requests.open() if self._is_here(each, channel)
        )  # fmt: skip

    def elsewhere(self, request: RequestId, channel: str | None) -> str:
        """Say where an act on a request counts, when it is not here."""
        found = self._requests.find(request)
        return "" if found is None or self.where.is_home(found, channel) else self.where.elsewhere(found)

    async def tell(self, asked: Asked, speaker: Speaker, channel: str | None) -> list[str]:
        """Answer a question; of a private request the public hears its id and state alone."""
        private = channel is not None and self.where.is_private(channel)
        return await self._questions.answer(
            asked.verb, asked.request, asked.words, speaker, may_hear_private=private
        )  # fmt: skip

    def room(self, target: str) -> int:
        """Return how many bytes of text a line to the target may have."""
        return self._mouth.room(target)

    def spared(self, target: str, text: str, but: str) -> str:
        """Return an answer in which nobody but the one who asked is called by their nick, as far as there is room."""
        names = self.names_in(target)
        others = replace(names, nicks=names.nicks - {but})
        spared = calling.addressed(Line(text), others)
        return spared if len(spared.encode()) <= self.room(target) else text

    def say(self, target: str, text: str, *, urgent: bool = False) -> None:
        """Say a line."""
        self._mouth.say(target, text, urgent=urgent)

    def say_everywhere(self, text: str, merge_key: str) -> None:
        """Say a line in every channel where requests are handled, in place of an older one that still waits there."""
        for channel in self.where.channels():
            self._mouth.say(channel, text, urgent=True, merge_key=f"{merge_key} {channel}")

    def _names_now(self) -> Names:
        """Return what people and teams may be called, put together anew when the directory was read anew."""
        directory = self.directory()
        if self._names[0] is not directory:
            people = {
                name.casefold(): person.id for person in directory.people for name in (*person.nicks, str(person.id))
            }
            teams = {name.casefold(): team.id for team in directory.teams for name in (team.name, str(team.id))}
            self._names = (directory, Names(people, teams))
        return self._names[1]

    def _choice(self, wanted: Wanted, channel: str | None) -> str:
        """Say what could be meant, with an example that only has to be repeated."""
        statuses = AFTERWARDS.get(type(wanted.command), frozenset())
        over = [each for each in self._requests.all() if each.status in statuses and self._is_here(each, channel)]
        found = [*(each.id for each in self.open_here(channel)), *(each.id for each in over[-3:])]
        if not found:
            return "Nothing is open here; to ask for something: !emergency <change> <task> -- why"
        verb = "not live" if wanted.verb == "notlive" else wanted.verb
        said = f"!{found[-1]} ..." if wanted.verb == "describe" else f"!{verb} {found[-1]} ..."
        return f"There is {', '.join(found)}. Say the id too, e.g.  {said}"

    def _is_here(self, request: Request, channel: str | None) -> bool:
        return channel is None or self.where.is_home(request, channel)
