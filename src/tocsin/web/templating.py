"""Templates: whatever they are given is text, never markup; a name that they are not given is a mistake of ours."""

import hashlib
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse

from tocsin.web.office import Office
from tocsin.web.visitors import Visitor

_TEMPLATES = Environment(
    loader=PackageLoader("tocsin.web"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)


def render(template: str, /, **values: object) -> str:
    """Return a template filled in."""
    return _TEMPLATES.get_template(template).render(**values, asset=asset)


def page(office: Office, visitor: Visitor, template: str, /, *, status: int = 200, **values: object) -> HTMLResponse:
    """Return a whole page as an answer."""
    text = render(template, **values, site=office.settings.name, visitor=visitor)
    return HTMLResponse(text, status_code=status)


@cache
def asset(name: str) -> str:
    """Return the address of a file of ours, with its hash in it, so that a browser may keep it for ever."""
    content = (files("tocsin.web") / "static" / name).read_bytes()
    return f"/static/{hashlib.sha256(content).hexdigest()[:12]}/{name}"
