"""What may be said in public: hiding takes one word, showing again takes two people."""

from collections.abc import Iterator
from dataclasses import dataclass

from tocsin.domain import events as e
from tocsin.domain.errors import Refused
from tocsin.domain.objecting import not_a_role, uncounted_speaker
from tocsin.domain.request import Request
from tocsin.domain.situation import Situation


@dataclass(frozen=True, slots=True)
class MakePrivate:
    """From now on say nothing of this request in public but its id and state."""

    def decide(self, request: Request, situation: Situation) -> list[e.RequestEvent]:
        """Hide it at once."""
        reasons = [*uncounted_speaker(situation), *not_a_role(request, situation)]
        if request.private:
            reasons.append(f"{request.id} is private already.")
        if reasons:
            raise Refused(reasons)
        return [e.MadePrivate(situation.person)]


@dataclass(frozen=True, slots=True)
class MakePublic:
    """Let everything of this request be said again; its requester and a confirmer together."""

    def decide(self, request: Request, situation: Situation) -> list[e.RequestEvent]:
        """Show it when the second of the two agrees."""
        if reasons := list(self._objections(request, situation)):
            raise Refused(reasons)
        assert situation.person is not None
        asking = tuple(dict.fromkeys((*request.public_asked, situation.person)))
        said: list[e.RequestEvent] = [e.PublicSupported(situation.person)]
        if request.requester in asking and set(asking) & set(request.confirmers):
            said.append(e.MadePublic(asking))
        return said

    def _objections(self, request: Request, situation: Situation) -> Iterator[str]:
        yield from uncounted_speaker(situation)
        if situation.person and situation.person not in (request.requester, *request.confirmers):
            yield f"Only the requester and a confirmer of {request.id}, together, make it public."
        if not request.private:
            yield f"{request.id} is public already."
        if situation.person in request.public_asked:
            yield f"You agreed already; the other of requester and confirmer must too: !public {request.id}"
