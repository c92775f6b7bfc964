"""Answering what people ask without acting: how things stand, who is needed, what opens next; in the words of views."""

from dataclasses import dataclass

from tocsin.domain.people import RequestId, Speaker
from tocsin.service.ports import Clock
from tocsin.service.requests import Requests
from tocsin.service.situating import Situations

QUESTIONS = ("status", "list", "who", "now", "next", "help", "timeline", "report")


@dataclass(frozen=True, slots=True)
class Questions:
    """Puts the state of things in lines; asks nobody and changes nothing."""

    requests: Requests
    situations: Situations
    clock: Clock

    def answer(
        self, verb: str, request: RequestId | None, words: str, speaker: Speaker, *, may_hear_private: bool
    ) -> list[str]:
        """Return the answer in lines; raises `UnknownRequest`."""
        raise NotImplementedError
