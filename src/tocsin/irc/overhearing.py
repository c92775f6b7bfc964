"""Plain words, never counted: a yes is told what to type, an objection is asked whether it is a hold, and delays go."""

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from tocsin.domain.commands.holding import Object
from tocsin.domain.people import PersonId, Speaker, TeamId
from tocsin.domain.request import Request, Status
from tocsin.domain.standing import has_role, named_teams, required_teams
from tocsin.irc.desk import Desk
from tocsin.irc.grammar import Plain
from tocsin.service.handler import Act, Handler

AGAIN_AFTER = timedelta(minutes=1)
REMEMBERED = 1000
MOST_NAMED = 2
"""Requests in one answer; whoever means another says so."""


class Overhearing:
    """Answers people with a say in what is open in a channel, each at most once a minute for the same matter."""

    def __init__(self, handler: Handler, desk: Desk) -> None:
        """Take what records objections, and what knows the requests and people."""
        self._handler = handler
        self._desk = desk
        self._answered: OrderedDict[tuple[PersonId, str], datetime] = OrderedDict()

    async def answer(self, plain: Plain, speaker: Speaker, text: str, place: tuple[str, datetime]) -> str:
        """Return what to answer to plain words said in a channel at a moment; mostly nothing."""
        channel, now = place
        who = speaker.person or speaker.claimed
        if who is None:
            return ""
        concerned = [each for each in self._desk.open_here(channel) if self._has_a_say(who, each)]
        if plain.objection and speaker.person:
            await self._object(speaker, text, concerned)
        return self._once(who, " or ".join(list(self._offers(plain, who, concerned))[:MOST_NAMED]), now)

    async def _object(self, speaker: Speaker, words: str, concerned: list[Request]) -> None:
        """Every request that may be meant waits a little; one line is recorded under one act for each."""
        for place, request in enumerate(concerned):
            act = f"{speaker.act} {request.id}" if place and speaker.act else speaker.act
            await self._handler.handle(Act(replace(speaker, act=act), Object(words), request.id))

    def _offers(self, plain: Plain, who: PersonId, concerned: list[Request]) -> Iterator[str]:
        """Offer what the words may have meant; talk that is neither yes nor no means nothing to us."""
        if plain.objection:
            yield from _holds(concerned)
        elif plain.assent:
            yield from self._acts(who, concerned)

    def _acts(self, who: PersonId, concerned: list[Request]) -> Iterator[str]:
        for request in concerned:
            underway = request.deployment
            if request.status is Status.CONFIRMING and request.proposal and self._could_confirm(who, request):
                yield f"to confirm: !confirm {request.id} {request.proposal.check_word}"
            elif request.status is Status.READY and request.deployer == who:
                yield f"to start it: !go {request.id}"
            elif underway and request.carrying and underway.checkpoint and has_role(request, who):
                yield f"to let it go on: !good {request.id}"

    def _could_confirm(self, who: PersonId, request: Request) -> bool:
        given = request.confirmation(who) is not None or who == request.requester
        return not given and any(self._is_in(who, team) for team in required_teams(request))

    def _has_a_say(self, who: PersonId, request: Request) -> bool:
        return has_role(request, who) or any(self._is_in(who, team) for team in named_teams(request))

    def _is_in(self, who: PersonId, team: TeamId) -> bool:
        known = self._desk.directory().person(who)
        return known is not None and team in known.teams

    def _once(self, who: PersonId, answer: str, now: datetime) -> str:
        last = self._answered.get((who, answer))
        if not answer or (last and now - last < AGAIN_AFTER):
            return ""
        self._answered[who, answer] = now
        self._answered.move_to_end((who, answer))
        if len(self._answered) > REMEMBERED:
            self._answered.popitem(last=False)
        return answer


def _holds(concerned: list[Request]) -> Iterator[str]:
    for request in concerned:
        if request.carrying:
            yield f"a stop? !stop {request.id} <reason>"
        else:
            yield f"a hold? !hold {request.id} <reason>"
