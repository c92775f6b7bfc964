"""What scripts ask for before they ask a passkey: each question is about one act, which must be possible now."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tocsin.domain.commands import Confirm
from tocsin.domain.errors import TocsinError
from tocsin.web.acting import still_seen, wanted_by
from tocsin.web.means import Sent, bound_change, sent
from tocsin.web.office import Office
from tocsin.web.passkeys import Passkeys
from tocsin.web.proving import bound_yes
from tocsin.web.refusals import told
from tocsin.web.rooms import found
from tocsin.web.visitors import NOBODY_DOUBT

Question = dict[str, object]


class PasskeyQuestions:
    """Answers with what `navigator.credentials` takes, or with every reason why not."""

    def __init__(self, office: Office) -> None:
        """Take what it works with."""
        self._office = office
        self._passkeys = Passkeys(office)

    def routes(self) -> list[Route]:
        """Return the addresses."""
        return [
            Route("/me/passkeys/new", self.invite, methods=["POST"]),
            Route("/me/passkeys/question", self.about_a_change, methods=["POST"]),
            Route("/{request_id:str}/passkey", self.about_a_yes, methods=["POST"]),
        ]

    async def invite(self, asked: HttpRequest) -> Response:
        """Ask a device to make a passkey."""

        async def invitation(form: Sent) -> Question:
            return await self._passkeys.invitation(form.session, form.person)

        return await self._answered(asked, invitation)

    async def about_a_change(self, asked: HttpRequest) -> Response:
        """Ask about a change of that by which somebody is known."""

        async def question(form: Sent) -> Question:
            return self._passkeys.question(form.session, bound_change(self._office, form))

        return await self._answered(asked, question)

    async def about_a_yes(self, asked: HttpRequest) -> Response:
        """Ask about a yes; one that would not count now is refused before anybody lifts a finger for it."""

        async def question(form: Sent) -> Question:
            request = found(self._office, asked.path_params["request_id"], form.visitor)
            still_seen(request, form.fields)
            wanted = wanted_by("confirm", form.fields, self._office)
            assert isinstance(wanted, Confirm)
            wanted.decide(request, self._office.situation(request, form.visitor.speaker()))
            return self._passkeys.question(form.session, bound_yes(self._office, form.person, request, wanted))

        return await self._answered(asked, question)

    async def _answered(self, asked: HttpRequest, question: Callable[[Sent], Awaitable[Question]]) -> Response:
        form = await sent(self._office, asked)
        if form is None:
            return JSONResponse({"reasons": [NOBODY_DOUBT]}, 422)
        try:
            return JSONResponse(await question(form))
        except TocsinError as error:
            status, reasons = told(error)
            return JSONResponse({"reasons": reasons}, status)
