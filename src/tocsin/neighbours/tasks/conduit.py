"""The Conduit of Phabricator and Phorge: a method is called with a form, and answers with a result or an error's code.

Laws: the token is sent to the configured site alone; what an error says in its own words is read by nobody, since it
may repeat the token; an answer that repeats it is none.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from tocsin.domain.errors import Unreachable
from tocsin.neighbours.asking.web import Site

CONDUIT_SECONDS: Final = 4.5
REFUSED_WHAT_WAS_ASKED: Final = "ERR-CONDUIT-CORE"
_NEW_TOKEN: Final = "it does not take our token: make a new one there, and put it into token_file"
_SAID: Final[Mapping[str, str]] = {
    "ERR-INVALID-AUTH": _NEW_TOKEN,
    "ERR-INVALID-SESSION": _NEW_TOKEN,
    "ERR-INVALID-TOKEN": _NEW_TOKEN,
    "ERR-USER-DISABLED": "the account of our token is disabled there",
    "ERR-CONDUIT-CALL": "it does not know what it was asked to do",
    REFUSED_WHAT_WAS_ASKED: "it does not do what it was asked to",
}
_CODE: Final = re.compile(r"ERR[A-Z0-9_-]{1,60}", re.ASCII)

Json = Mapping[str, Any]


class Declined(Unreachable):
    """It understood the call, and answered with an error; of that only the code is kept."""

    def __init__(self, system: str, method: str, code: str) -> None:
        """Say in words what the code means, where it is known."""
        self.code = code
        super().__init__(system, f"{_SAID.get(code, 'it answered with an error')} ({method}{code and f': {code}'})")


@dataclass(frozen=True, slots=True)
class ConduitSettings:
    """One site, and the token of our account there."""

    site: str
    token: str = field(repr=False)

    @property
    def system(self) -> str:
        """Return what people call it when it does not answer."""
        return self.site.partition("://")[2]


@dataclass(frozen=True, slots=True)
class Conduit:
    """Calls methods of one site; keep it for as long as the site is asked, since it remembers silence."""

    settings: ConduitSettings
    seconds: float = CONDUIT_SECONDS
    _site: Site = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Keep one site, which remembers whether it answers."""
        object.__setattr__(self, "_site", Site(self.settings.system, self.settings.site, self.seconds))

    async def call(self, method: str, **asked: object) -> Json:
        """Return the result of a method; raises `Unreachable`, and `Declined` where the answer is an error."""
        parameters = {**asked, "__conduit__": {"token": self.settings.token}}
        form = {"params": json.dumps(parameters), "output": "json"}
        told = await self._site.post(f"/api/{method}", form=form)
        if told is None:
            raise Unreachable(self.settings.system, "there is no Conduit at its address")
        if not isinstance(told, dict) or "error_code" not in told:
            raise self.unfamiliar("no answer of Conduit's")
        if told["error_code"] is not None:
            raise Declined(self.settings.system, method, self._code(told["error_code"]))
        if not isinstance(told.get("result"), dict) or self._repeats(told["result"]):
            raise self.unfamiliar(f"no result of {method}")
        result: Json = told["result"]
        return result

    async def search(self, method: str, **constraints: Sequence[object]) -> list[Json]:
        """Return all that a search found and our account may see, each with its `fields`; raises `Unreachable`."""
        found = (await self.call(method, constraints=constraints)).get("data")
        if not isinstance(found, list) or not all(map(_is_row, found)):
            raise self.unfamiliar(f"no list of {method}")
        return found

    async def whoami(self) -> str:
        """Return the name of the account whose token we have; raises `Unreachable`."""
        name = (await self.call("user.whoami")).get("userName")
        if not isinstance(name, str) or not name:
            raise self.unfamiliar("no name of our account")
        return name

    def unfamiliar(self, what: str) -> Unreachable:
        """Return that an answer has another shape than documented."""
        return Unreachable(self.settings.system, f"it answered in a shape that we do not know ({what})")

    def _code(self, told: object) -> str:
        """A code is short and plain, and holds nothing of ours; anything else is not repeated."""
        plain = (
            isinstance(told, str) and _CODE.fullmatch(told) and self.settings.token.casefold() not in told.casefold()
        )
        return str(told) if plain else ""

    def _repeats(self, result: object) -> bool:
        return json.dumps(self.settings.token)[1:-1] in json.dumps(result)


def _is_row(found: object) -> bool:
    return isinstance(found, dict) and isinstance(found.get("fields"), dict)
