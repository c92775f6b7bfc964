"""Streams to open pages: each is sent the parts that are no longer what it was sent last, and a beat every second.

Laws: a part is rendered once for all who see the same, not once a page; a page that does not read is dropped, and comes
back by itself; whoever may no longer see a request hears of it no more.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

import structlog
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.routing import Route

from tocsin.domain.errors import RecordUnavailable
from tocsin.domain.people import PersonId, RequestId
from tocsin.service.seeing import may_see
from tocsin.web.board import board_part
from tocsin.web.office import Office
from tocsin.web.rooms import found
from tocsin.web.sections import outputs, personal, shared
from tocsin.web.visitors import Visitor, visitor_of

log = structlog.get_logger()
BEAT_SECONDS = 1.0
PAUSE_SECONDS = 0.02
"""From one look to the next: what comes close together is sent together."""
WAITING_MESSAGES = 16
"""For one page; who is behind by more is dropped, and is sent everything anew when it comes back."""
SESSIONS_AGAIN = 5
"""Beats from one look at whether the sessions of open pages still hold to the next."""

Parts = Mapping[str, str]


@dataclass(slots=True, eq=False)
class OpenPage:
    """One page that is open: who looks at what, and what it was sent of it. Without a request it is the board."""

    visitor: Visitor
    request: RequestId | None
    waiting: asyncio.Queue[ServerSentEvent | None] = field(
        default_factory=lambda: asyncio.Queue(maxsize=WAITING_MESSAGES)
    )
    sent: dict[str, str] = field(default_factory=dict)
    over: bool = False


class Live:
    """Keeps open pages right: when the record grows, and each second for what only time changes."""

    def __init__(self, office: Office) -> None:
        """Take what it works with; nothing is sent before it runs."""
        self._office = office
        self._pages: set[OpenPage] = set()
        self._grown = asyncio.Event()

    def routes(self) -> list[Route]:
        """Return the addresses."""
        return [
            Route("/live", self.follow_board, methods=["GET"]),
            Route("/{request_id:str}/live", self.follow_room, methods=["GET"]),
        ]

    def grown(self) -> None:
        """Say that the record may have grown; carries nothing, may be said too often."""
        self._grown.set()

    async def follow_board(self, asked: HttpRequest) -> Response:
        """Stream the board."""
        return self._stream(OpenPage(await visitor_of(self._office, asked), None))

    async def follow_room(self, asked: HttpRequest) -> Response:
        """Stream a room."""
        visitor = await visitor_of(self._office, asked)
        request = found(self._office, asked.path_params["request_id"], visitor)
        return self._stream(OpenPage(visitor, request.id))

    async def run(self) -> None:
        """Keep pages right until cancelled, then end every stream."""
        beats, clock = 0, asyncio.get_running_loop().time
        due = clock() + BEAT_SECONDS
        try:
            while True:
                with suppress(TimeoutError):
                    async with asyncio.timeout_at(due):  # `wait_for` of Python 3.11 can lose a cancellation
                        await self._grown.wait()
                self._grown.clear()
                beat = clock() >= due
                if beat:
                    beats, due = beats + 1, clock() + BEAT_SECONDS
                await self._once(beat=beat, sessions=beat and beats % SESSIONS_AGAIN == 0)
                await asyncio.sleep(PAUSE_SECONDS)
        finally:
            for each in tuple(self._pages):
                self._end(each)

    async def _once(self, *, beat: bool, sessions: bool) -> None:
        """The top of the loop: what goes wrong with one look keeps no later one from being taken."""
        try:
            if sessions:
                await self._look_at_sessions()
            if self._pages:
                await self._look_at_pages()
        except RecordUnavailable as gone:
            log.warning("pages are not kept right while the record cannot be read", why=str(gone))
        except Exception:
            log.exception("open pages were not kept right")
        if beat:
            for each in tuple(self._pages):
                self._send(each, ServerSentEvent(event="beat", data="1", id=str(self._office.requests.position)))

    async def _look_at_sessions(self) -> None:
        now = self._office.clock.now()
        holding = {each.visitor.session.id for each in self._pages if each.visitor.session}
        over = {each for each in holding if await asyncio.to_thread(self._office.sessions.find, each, now) is None}
        for each in tuple(self._pages):
            if each.visitor.session and each.visitor.session.id in over:
                self._is_gone(each)

    async def _look_at_pages(self) -> None:
        boards = [each for each in self._pages if each.request is None]
        self._tell(boards, {id(each): {"board": part} for each, part in self._boards(boards)})
        for request_id in {each.request for each in self._pages if each.request}:
            await self._look_at_room(request_id, [each for each in self._pages if each.request == request_id])

    def _boards(self, pages: Iterable[OpenPage]) -> Iterable[tuple[OpenPage, str]]:
        made: dict[PersonId | None, str] = {}
        for each in pages:
            person = each.visitor.person
            name = person.id if person else None
            if name not in made:
                made[name] = board_part(self._office, person)
            yield each, made[name]

    async def _look_at_room(self, request_id: RequestId, pages: list[OpenPage]) -> None:
        request = self._office.requests.find(request_id)
        for each in pages:
            if request is None or not may_see(request, each.visitor.person):
                self._is_gone(each)
        seeing = [each for each in pages if each in self._pages]
        if request is None or not seeing:
            return
        for_all = await shared(self._office, request)
        printed = {False: await outputs(self._office, request, None)}
        if known := next((each.visitor.person for each in seeing if each.visitor.person), None):
            printed[True] = await outputs(self._office, request, known)
        own: dict[str, Parts] = {}
        parts: dict[int, Parts] = {}
        for each in seeing:
            session = each.visitor.session.id if each.visitor.session else ""
            if session not in own:
                own[session] = {
                    **for_all,
                    **personal(self._office, request, each.visitor),
                    **printed[each.visitor.person is not None],
                }
            parts[id(each)] = own[session]
        self._tell(seeing, parts)

    def _tell(self, pages: Iterable[OpenPage], parts: Mapping[int, Parts]) -> None:
        """Send each page what changed in it; what is the same for many is put together once."""
        position = str(self._office.requests.position)
        made: dict[tuple[int, tuple[str, ...]], ServerSentEvent] = {}
        for each in pages:
            now = parts[id(each)]
            changed = tuple(name for name, part in now.items() if each.sent.get(name) != part)
            if not changed:
                continue
            key = (id(now) if each.request else hash(now["board"]), changed)
            if key not in made:
                made[key] = ServerSentEvent(data="".join(_partial(name, now[name]) for name in changed), id=position)
            self._send(each, made[key])
            each.sent.update({name: now[name] for name in changed})

    def _send(self, page: OpenPage, message: ServerSentEvent) -> None:
        try:
            page.waiting.put_nowait(message)
        except asyncio.QueueFull:
            self._end(page)

    def _is_gone(self, page: OpenPage) -> None:
        """Have a page load itself again: it then shows what its visitor may see, or that there is nothing."""
        self._send(page, ServerSentEvent(event="gone", data="1"))
        self._end(page)

    def _end(self, page: OpenPage) -> None:
        page.over = True
        self._pages.discard(page)
        with suppress(asyncio.QueueFull):
            page.waiting.put_nowait(None)

    def _stream(self, page: OpenPage) -> Response:
        return EventSourceResponse(self._messages(page), ping=3600)

    async def _messages(self, page: OpenPage) -> AsyncIterator[ServerSentEvent]:
        """Yield what a page is sent, from everything on; it is let go of when its browser is."""
        self._pages.add(page)
        self._grown.set()
        try:
            while not (page.over and page.waiting.empty()):
                message = await page.waiting.get()
                if message is None:
                    return
                yield message
        finally:
            self._pages.discard(page)


def _partial(name: str, part: str) -> str:
    return f'<hx-partial hx-target="#{name}" hx-swap="outerMorph">{part}</hx-partial>'
