"""Back to where somebody pressed "Sign in": their browser keeps it meanwhile, in a cookie, and no address tells it.

Laws: whatever a browser says, it is led to a page of ours; and whether there is a request is told by its page alone.
"""

import re
from datetime import timedelta
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from tocsin.web.office import Office

LASTS = timedelta(minutes=30)
"""Long enough to walk to a machine for a code."""
BOARD = "/"
LONGEST_WORD = 500
PAGES = re.compile(r"/|/(?:ask|history|calendar|me)|/me/[a-z]{1,20}")
ROOM = re.compile(r"(?P<room>/E[1-9][0-9]{0,8})(?P<describing>/describe)?(?:/[a-z]{1,20})?", re.IGNORECASE)
"""What is refused stands at the address of its form, where nothing can be looked at: it leads back to the room."""


def remember(office: Office, request: Request, answer: Response) -> None:
    """Keep the page from which somebody came to sign in; one of another site, or none, changes nothing."""
    keep(office, answer, _came_from(office, request))


def keep(office: Office, answer: Response, page: str) -> None:
    """Keep a page of ours to come back to."""
    if page:
        lasts = int(LASTS.total_seconds())
        secure = office.settings.secure
        answer.set_cookie(_cookie(office), page, max_age=lasts, path="/", secure=secure, httponly=True, samesite="lax")


def way_back(office: Office, request: Request) -> str:
    """Return where somebody who signs in is led: where they came from, or the board."""
    return _came_from(office, request) or page_of_ours(request.cookies.get(_cookie(office), "")) or BOARD


def forget(office: Office, answer: Response) -> None:
    """Have the browser forget it, once it has served."""
    secure = office.settings.secure
    answer.delete_cookie(_cookie(office), path="/", secure=secure, httponly=True, samesite="lax")


def page_of_ours(path: str) -> str:
    """Return the page that can be looked at by this path; empty where none of ours can bear it."""
    if len(path) > LONGEST_WORD:
        return ""
    if PAGES.fullmatch(path):
        return path
    room = ROOM.fullmatch(path)
    return f"{room['room'].upper()}{(room['describing'] or '').lower()}" if room else ""


def _came_from(office: Office, request: Request) -> str:
    """Read it off the link that was followed: browsers name the page to its own site, and our pages ask them to."""
    try:
        came = urlsplit(request.headers.get("referer", ""))
    except ValueError:
        return ""
    return page_of_ours(came.path) if f"{came.scheme}://{came.netloc}" == office.settings.origin else ""


def _cookie(office: Office) -> str:
    return "__Host-tocsin-back" if office.settings.secure else "tocsin-back"
