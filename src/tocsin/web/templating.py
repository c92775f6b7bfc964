"""Templates: whatever they are given is text, never markup; a name that they are not given is a mistake of ours."""

import hashlib
from datetime import datetime
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse

from tocsin.views.lines import harmless
from tocsin.web.office import Office
from tocsin.web.visitors import Visitor


def page(office: Office, visitor: Visitor, template: str, /, *, status: int = 200, **values: object) -> HTMLResponse:
    """Return a whole page as an answer."""
    suspension = office.requests.house.suspension(visitor.person.id) if visitor.person else None
    text = render(template, **values, site=office.settings.name, visitor=visitor, suspension=suspension)
    return HTMLResponse(text, status_code=status)


def render(template: str, /, **values: object) -> str:
    """Return a template filled in."""
    return _TEMPLATES.get_template(template).render(**values)


@cache
def asset(name: str) -> str:
    """Return the address of a file of ours, with its hash in it, so that a browser may keep it for ever."""
    content = (files("tocsin.web") / "static" / name).read_bytes()
    return f"/static/{hashlib.sha256(content).hexdigest()[:12]}/{name}"


def moment(at: datetime, kind: str = "") -> Markup:
    """Return a time that is right without a script, for one to show in the reader's zone (`ago`, `until`, `day`)."""
    text = f"{at:%Y-%m-%d %H:%M} UTC" if kind == "day" else f"{at:%Y-%m-%d %H:%M:%S} UTC"
    return Markup('<time datetime="{at:%Y-%m-%dT%H:%M:%SZ}" data-kind="{kind}">{text}</time>').format(
        at=at, kind=kind, text=text
    )


_TEMPLATES = Environment(
    loader=PackageLoader("tocsin.web"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
_TEMPLATES.globals.update(asset=asset, moment=moment)
_TEMPLATES.filters["harmless"] = harmless  # what is refused quotes people
