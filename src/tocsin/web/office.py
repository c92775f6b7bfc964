"""What the page works with: the service, the configuration as it is now, and what is kept of who signed in."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from tocsin.domain.people import Directory, Speaker
from tocsin.domain.request import Request
from tocsin.domain.situation import Situation
from tocsin.service.codes import OneTimeCodes
from tocsin.service.credentials import Sessions
from tocsin.service.devices import Devices
from tocsin.service.handler import Handler
from tocsin.service.ports import Clock, StepOutputs, Store
from tocsin.service.questions import Questions
from tocsin.service.requests import Happening, Requests
from tocsin.service.situating import Configuration
from tocsin.service.tokens import TokenDesk
from tocsin.web.nonces import Nonces
from tocsin.web.presence import PagePresence
from tocsin.web.settings import WebSettings
from tocsin.web.tries import Tries


@dataclass(frozen=True, slots=True)
class Office:
    """All of it; `situation` is the one of this moment for a speaker, `in_words` tells what an act brought about.

    `begun` is set once the whole server is there.
    """

    settings: WebSettings
    handler: Handler
    requests: Requests
    questions: Questions
    store: Store
    clock: Clock
    configuration: Callable[[], Configuration]
    situation: Callable[[Request | None, Speaker], Situation]
    in_words: Callable[[Happening], list[str]]
    outputs: StepOutputs
    sessions: Sessions
    codes: OneTimeCodes
    presence: PagePresence
    tokens: TokenDesk
    devices: Devices
    begun: asyncio.Event
    nonces: Nonces = field(default_factory=Nonces)
    wrong_codes: Tries = field(default_factory=Tries)

    def directory(self) -> Directory:
        """Return the people as they are configured now."""
        return self.configuration().directory
