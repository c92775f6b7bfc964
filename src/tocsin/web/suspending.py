"""Suspending an account that may be in other hands, and restoring who is suspended, as on any other surface."""

from collections.abc import Mapping, Sequence

from starlette.requests import Request as HttpRequest
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from tocsin.domain.errors import AlreadyActed, Malformed, TocsinError
from tocsin.service.acts import command
from tocsin.service.handler import Act
from tocsin.views.lines import harmless
from tocsin.web.flashes import Flashes
from tocsin.web.means import Sent, sent
from tocsin.web.office import Office
from tocsin.web.refusals import told
from tocsin.web.repeats import pressed
from tocsin.web.sections import NOTHING_TYPED
from tocsin.web.templating import page
from tocsin.web.visitors import NOBODY_DOUBT, Visitor, new_act, visitor_of

PAGE = "/me/suspend"
FIELDS = {"suspend": ("whom", "reason"), "restore": ("whom",)}


class Suspending:
    """The page of who is suspended; whoever may not suspend or restore is told so by the rules."""

    def __init__(self, office: Office) -> None:
        """Take what it works with."""
        self._office = office
        self._flashes = Flashes()

    def routes(self) -> list[Route]:
        """Return the addresses."""
        return [
            Route(PAGE, self.show, methods=["GET"]),
            Route(f"{PAGE}/{{verb:str}}", self.act, methods=["POST"]),
        ]

    async def show(self, asked: HttpRequest) -> Response:
        """Show who is suspended, and the form."""
        visitor = await visitor_of(self._office, asked)
        flashes = self._flashes.take(visitor.session.id) if visitor.session else ()
        return self._page(visitor, flashes=flashes)

    async def act(self, asked: HttpRequest) -> Response:
        """Suspend or restore, and lead back; what is refused is told on the page, with what was typed."""
        form, verb = await sent(self._office, asked), asked.path_params["verb"]
        if form is None:
            return self._page(await visitor_of(self._office, asked), 422, (NOBODY_DOUBT,))
        try:
            self._flashes.leave(form.session.id, await self._said(form, verb))
        except AlreadyActed:
            pass  # pressed twice: what it brought about is told already
        except TocsinError as error:
            status, reasons = told(error)
            return self._page(form.visitor, status, reasons, typed=form.fields)
        return RedirectResponse(PAGE, status_code=303)

    async def _said(self, form: Sent, verb: str) -> list[str]:
        if verb not in FIELDS:
            raise Malformed(f"There is no verb {verb[:40]} here.")
        given = {name: form.field(name) for name in FIELDS[verb]}
        key = pressed(form.field("act"), form.session, (verb, *given.values()))
        speaker, wanted = form.visitor.speaker(act=key), command(verb, given, self._office.directory())
        return self._office.in_words(await self._office.handler.handle(Act(speaker, wanted)))

    def _page(
        self,
        visitor: Visitor,
        status: int = 200,
        reasons: Sequence[str] = (),
        flashes: Sequence[str] = (),
        typed: Mapping[str, str] = NOTHING_TYPED,
    ) -> Response:
        house, person = self._office.requests.house, visitor.person
        now = self._office.clock.now()
        return page(
            self._office,
            visitor,
            "me_suspend.html",
            status=status,
            reasons=reasons,
            flashes=flashes,
            typed=typed,
            act=new_act(),
            people=sorted(each.id for each in self._office.directory().people) if person else [],
            suspended=[(each, harmless(each.reason), each.proven_until(now)) for each in house.suspensions],
        )
