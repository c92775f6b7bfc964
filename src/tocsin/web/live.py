"""Streams to open pages: each is sent the parts that are no longer what it was sent last, and a beat every second.

Laws: a part is rendered once for all who see the same, not once a page; a page that does not read is dropped, and comes
back by itself; whoever may no longer see a request hears of it no more.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta

import structlog
from sse_starlette import ServerSentEvent
from starlette.exceptions import HTTPException
from starlette.requests import Request as HttpRequest
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from tocsin.domain.errors import RecordUnavailable
from tocsin.domain.people import Person, PersonId, RequestId
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
MOST_PAGES = 4_000
"""Open at a time, by whoever: beyond them a page is told to try again, and the rest of the server keeps its files."""
PROXY_AGAIN = timedelta(minutes=5)
"""How long a stream flows on a proxy's word alone."""
SESSIONS_AGAIN = 5
"""Beats from one look at whether the sessions of open pages still hold to the next."""
GROWS = '-entries" reversed>'
"""After this, in a part that has it, entries come at the top; those that are there stay as they are."""
TOO_MANY = "Too many pages are open here. This one tries again by itself; reload it to see what is new."
UNBUFFERED = {"X-Accel-Buffering": "no"}

Parts = Mapping[str, str]


@dataclass(slots=True, eq=False)
class OpenPage:
    """One page that is open: who looks at what, and what it was sent of it. Without a request it is the board."""

    visitor: Visitor
    request: RequestId | None
    waiting: asyncio.Queue[bytes | None] = field(default_factory=lambda: asyncio.Queue(maxsize=WAITING_MESSAGES))
    sent: dict[str, str] = field(default_factory=dict)
    over: bool = False


class Live:
    """Keeps open pages right: when the record grows, and each second for what only time changes."""

    def __init__(self, office: Office) -> None:
        """Take what it works with; nothing is sent before it runs."""
        self._office = office
        self._pages: set[OpenPage] = set()
        self._grown = asyncio.Event()
        self._over = False

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
            self._over = True
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
            heard = ServerSentEvent(event="beat", data="1", id=str(self._office.requests.position)).encode()
            for each in tuple(self._pages):
                self._send(each, heard)

    async def _look_at_sessions(self) -> None:
        now = self._office.clock.now()
        for each in tuple(self._pages):
            if each.visitor.by_proxy and each.visitor.session and now - each.visitor.session.begun > PROXY_AGAIN:
                self._end(each)  # it comes back by itself, and past the proxy
        kept = [each.visitor for each in self._pages if not each.visitor.by_proxy]
        holding = {visitor.session.id for visitor in kept if visitor.session}
        held = {each: await asyncio.to_thread(self._office.sessions.find, each, now) for each in holding}
        directory = self._office.directory()
        for each in tuple(self._pages):
            session = each.visitor.session
            if session and held.get(session.id, session) is None:
                self._is_gone(each)
            elif session:
                each.visitor = replace(each.visitor, person=directory.person(session.person))

    async def _look_at_pages(self) -> None:
        boards = [each for each in self._pages if each.request is None]
        self._tell(boards, {id(each): {"board": part} for each, part in self._boards(boards)})
        for request_id in {each.request for each in self._pages if each.request}:
            await self._look_at_room(request_id, [each for each in self._pages if each.request == request_id])

    def _boards(self, pages: Iterable[OpenPage]) -> Iterable[tuple[OpenPage, str]]:
        made: dict[PersonId | None, str] = {}
        for each in pages:
            name = _whose(each)
            if name not in made:
                made[name] = board_part(self._office, each.visitor.person)
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
        known = [each for each in seeing if each.sent]
        self._tell(known, {id(each): for_all for each in known})
        await asyncio.sleep(0)  # what is the same for all is on its way before anybody's own is made
        people = {_whose(each): each.visitor for each in seeing}
        printed = {known: await outputs(self._office, request, one) for known, one in _one_of_each(people.values())}
        own = {
            whose: {**for_all, **personal(self._office, request, visitor), **printed[visitor.person is not None]}
            for whose, visitor in people.items()
        }
        self._tell(seeing, {id(each): own[_whose(each)] for each in seeing})

    def _tell(self, pages: Iterable[OpenPage], parts: Mapping[int, Parts]) -> None:
        """Send each page what changed in it; what is the same for many is put together once."""
        position = str(self._office.requests.position)
        made: dict[tuple[int, tuple[tuple[str, str | None], ...]], bytes] = {}
        for each in pages:
            now = parts[id(each)]
            changed = tuple((name, each.sent.get(name)) for name, part in now.items() if each.sent.get(name) != part)
            if not changed:
                continue
            key = (id(now) if each.request else hash(now["board"]), changed)
            if key not in made:
                data = "".join(_partial(name, before, now[name]) for name, before in changed)
                made[key] = ServerSentEvent(data=data, id=position).encode()
            self._send(each, made[key])
            each.sent.update({name: now[name] for name, _ in changed})

    def _send(self, page: OpenPage, message: bytes) -> None:
        try:
            page.waiting.put_nowait(message)
        except asyncio.QueueFull:
            self._end(page)

    def _is_gone(self, page: OpenPage) -> None:
        """Have a page load itself again: it then shows what its visitor may see, or that there is nothing."""
        self._send(page, ServerSentEvent(event="gone", data="1").encode())
        self._end(page)

    def _end(self, page: OpenPage) -> None:
        page.over = True
        self._pages.discard(page)
        with suppress(asyncio.QueueFull):
            page.waiting.put_nowait(None)

    def _stream(self, page: OpenPage) -> Response:
        if len(self._pages) >= MOST_PAGES:
            raise HTTPException(503, TOO_MANY)
        return StreamingResponse(self._messages(page), media_type="text/event-stream", headers=UNBUFFERED)

    async def _messages(self, page: OpenPage) -> AsyncIterator[bytes]:
        """Yield what a page is sent, from everything on; it is let go of when its browser is."""
        self._pages.add(page)
        self._grown.set()
        try:
            while not (self._over or page.over) or not page.waiting.empty():
                message = await page.waiting.get()
                if message is None:
                    return
                yield message
        finally:
            self._pages.discard(page)


def _whose(page: OpenPage) -> PersonId | None:
    return page.visitor.person.id if page.visitor.person else None


def _one_of_each(visitors: Iterable[Visitor]) -> Iterable[tuple[bool, Person | None]]:
    """Return somebody of the directory and somebody else, where they are there: these two see other outputs."""
    return {each.person is not None: each.person for each in visitors}.items()


def _partial(name: str, before: str | None, now: str) -> str:
    """Return what makes a part right; of one that has only grown at its top, such as a long timeline, what came."""
    if before is not None and GROWS in now:
        top, _, rest = now.partition(GROWS)
        known = before.removeprefix(top + GROWS)
        if known != before and rest.endswith(known):
            come = rest[: len(rest) - len(known)]
            return f'<hx-partial hx-target="#{name}-entries" hx-swap="afterbegin">{come}</hx-partial>'
    return f'<hx-partial hx-target="#{name}" hx-swap="outerMorph">{now}</hx-partial>'
