"""One night: a broken site, a cry for help, two teams who carry it out together, and one deployment that is undone."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from urllib.request import urlopen

from tocsin.demo.people import Network, Person
from tocsin.demo.site import BETTER_FIX, BROKEN, FIX, FIXED, MISTAKE, Site

CHANNEL = "#website"
FETCH_SECONDS = 5.0
GO_AFTER_YES_SECONDS = 2.0
"""The process asks for 15 s between the last yes and go; who watches a story need not wait as long."""
Tell = Callable[[str], Awaitable[None]]
"""Says what the lines on IRC do not show, and lets a reader take it in."""


class NotAsItShould(Exception):
    """The story did not go as it must."""


@dataclass(slots=True)
class Night:
    """The people of the story and what they see; each chapter leaves the stage as the next one needs it."""

    network: Network
    site: Site
    tell: Tell
    on_heard: Callable[[str, str, str], None]
    people: dict[str, Person] = field(default_factory=dict)
    word: str = ""

    async def begin(self) -> None:
        """Let everybody in: colleagues who are signed in, and somebody who took a confirmer's name and is not."""
        self.people["ada"] = await Person("ada", "ada", self.on_heard).enter(self.network, CHANNEL)
        for name in ("bo-sre", "kim-releng", "lin"):
            self.people[name] = await Person(name, name).enter(self.network, CHANNEL)
        self.people["mo-sre"] = await Person("mo-sre", "").enter(self.network, CHANNEL)

    async def end(self) -> None:
        """Let everybody go."""
        for person in self.people.values():
            await person.leave()

    async def first(self) -> None:
        """Ada's request: asked, doubted, held, changed under way, confirmed, carried out, proved."""
        self.expect(self.page(), BROKEN)
        await self.tell(f"The site at {self.site.live_url} is broken: it says {BROKEN!r}.")
        await self._ask()
        await self._doubt()
        await self._hold()
        await self._change_under_way()
        await self._carry_out()
        self.expect(self.page(), FIXED)
        await self.tell(f"The site says {FIXED!r}.")

    async def second(self) -> None:
        """Bo's request goes wrong, and is undone in one word."""
        await self.people["mo-sre"].leave()
        self.people["mo-sre"] = await Person("mo-sre", "mo-sre").enter(self.network, CHANNEL)
        await self.tell("The real mo-sre has come, signed in to services.")
        await self.says("bo-sre", f"kim-releng: help! I need an emergency deployment of {MISTAKE.number}, T1240")
        await self.hears(r"E2 needs a reason")
        wish = (
            "!E2 abuse block -- spam in uploads, hundreds a minute; rolling back would not stop it; going back is safe"
        )
        await self.says("bo-sre", wish)
        word = (await self.hears(r"!confirm E2 (\S+)"))[1]
        await self.says("kim-releng", f"!confirm E2 {word}")
        await self.hears(r"^E2\b.*kim-releng")
        await self.says("mo-sre", f"!confirm E2 {word}")
        await self.hears(r"^E2\b.*confirmed by")
        await self._go("bo-sre", "E2")
        await self.hears(r"^E2\b.*!good E2")
        await self.says("bo-sre", "!good E2 test server")
        await self.says("kim-releng", "!good E2 test server")
        await self.hears(r"^E2\b.*everywhere\.\.\. done")
        await self.tell("Ada opens the site, and sees an error instead of closed uploads.")
        self.expect(self.page(), "Error 500")
        await self.says("kim-releng", "!rollback E2")
        await self.hears(r"^E2\b.*rolled back.*locked")
        self.expect(self.page(), FIXED)
        await self.tell(f"The site says {FIXED!r} again, and nothing starts there by itself.")

    async def says(self, name: str, text: str) -> None:
        """Have somebody say a line in the channel."""
        self.people[name].say(CHANNEL, text)
        await self.tell("")

    async def hears(self, pattern: str) -> dict[int, str]:
        """Wait until the channel hears such a line, and return its groups."""
        found = await self.people["ada"].hear(pattern)
        return dict(enumerate(found.groups(), start=1))

    def page(self) -> str:
        """Fetch the live site."""
        with urlopen(self.site.live_url, timeout=FETCH_SECONDS) as answer:
            text: str = answer.read().decode()
            return text

    def expect(self, page: str, text: str) -> None:
        """See that the site shows something."""
        if text not in page:
            raise NotAsItShould(f"The site should say {text!r}, and says: {page}")

    async def _ask(self) -> None:
        cry = f"kim-releng: help! I'd like to do an emergency deploy for {FIX.number} -- context is T1234"
        await self.says("ada", cry)
        await self.hears(r"E1 needs a reason")  # what the change is comes before it, or after when git takes long
        why = "painted pages are cached corrupted; a rollback would lose today's paints; going back is safe"
        await self.says("ada", f"!E1 data fix -- {why}")

    async def _doubt(self) -> None:
        self.word = (await self.hears(r"!confirm E1 (\S+)"))[1]
        await self.says("lin", f"!confirm E1 {self.word}")
        await self.hears(r"lin: .*wrote the change")
        await self.says("mo-sre", f"!confirm E1 {self.word}")
        await self.hears(r"mo-sre: .*not counted")

    async def _hold(self) -> None:
        await self.says("bo-sre", f"!confirm e1 {self.word}")
        await self.hears(r"^E1\b.*bo-sre.*Release Engineering")
        await self.says("kim-releng", "!hold E1 who is watching the caches?")
        await self.hears(r"^E1\b.*hold.*kim-releng")
        await self.says("bo-sre", "I am")
        await self.says("kim-releng", "!lift E1")
        await self.hears(r"^E1\b.*(lift|hold)")

    async def _change_under_way(self) -> None:
        await self.tell("Lin uploads a better patchset in the middle of it.")
        self.site.upload(BETTER_FIX)
        await self.hears(rf"^E1\b.*patchset {BETTER_FIX.patchset}")
        self.word = (await self.hears(r"!confirm E1 (\S+)"))[1]
        await self.says("bo-sre", f"!confirm E1 {self.word}")
        await self.hears(r"^E1\b.*bo-sre.*Release Engineering")
        await self.says("kim-releng", f"!confirm E1 {self.word}")
        await self.hears(r"^E1\b.*confirmed by")

    async def _carry_out(self) -> None:
        await self._go("kim-releng", "E1")
        await self.hears(r"^E1\b.*!good E1")
        await self.says("ada", "!good E1 test server")
        await self.says("kim-releng", "!good E1 test server")
        await self.hears(r"^E1 is live\b")

    async def _go(self, deployer: str, request: str) -> None:
        await self.says(deployer, f"!take {request}")
        await self.hears(rf"^{request}\b.*{deployer}")
        await asyncio.sleep(GO_AFTER_YES_SECONDS)
        await self.says(deployer, f"!go {request}")
