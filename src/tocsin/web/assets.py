"""The files of the page itself: scripts, styles, icons. They come from here and from nowhere else."""

from importlib.resources import files
from mimetypes import guess_type

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from tocsin.web.templating import asset

FOR_EVER = "public, max-age=31536000, immutable"


async def _asset(request: Request) -> Response:
    name = request.path_params["name"]
    parts = name.split("/")
    if any(part in ("", ".", "..") for part in parts) or "\\" in name or "\0" in name:
        return PlainTextResponse("There is no such file.\n", status_code=404)
    file = files("tocsin.web").joinpath("static", *parts)
    if not file.is_file() or asset(name) != request.url.path:
        return PlainTextResponse("There is no such file.\n", status_code=404)
    kind = guess_type(name)[0] or "application/octet-stream"
    return Response(file.read_bytes(), media_type=kind, headers={"Cache-Control": FOR_EVER})


async def _worker(_: Request) -> Response:
    """A worker's address bounds what it can stand before: below this one there is no page, and it stays the same."""
    content = files("tocsin.web").joinpath("static", "notifying.js").read_bytes()
    return Response(content, media_type="text/javascript")


ROUTES = (Route("/static/{hash:str}/{name:path}", _asset), Route("/notify/worker.js", _worker))
