"""`python -m tocsin.demo`: the whole story on this machine, as it happens; with STAY=1 it can be joined afterwards."""

import asyncio
import os
import signal
import sys
import tempfile
from pathlib import Path

from rich.console import Console

from tocsin.demo.people import Network, NotHeard
from tocsin.demo.stage import NotStarted, Stage, own_network, stage
from tocsin.demo.story import CHANNEL, Night, NotAsItShould

READING_SECONDS = 0.8
"""A pause after each line while somebody watches; a script is not kept waiting."""


class Screen:
    """Shows what is said and what is seen, line by line."""

    def __init__(self) -> None:
        """Pause between lines only for people."""
        self._console = Console(highlight=False, soft_wrap=True)
        self._pause = READING_SECONDS if sys.stdout.isatty() else 0.0

    async def tell(self, text: str) -> None:
        """Show what no line on IRC shows, and leave time to read."""
        if text:
            self._console.print(f"-- {text}", style="cyan", markup=False)
        await asyncio.sleep(self._pause)

    def heard(self, nick: str, target: str, text: str) -> None:
        """Show a line of the channel."""
        style = "bold" if nick == "tocsin" else ""
        self._console.print(f"<{nick}> {text.replace(chr(0x2060), '')}", style=style, markup=False)

    def show(self, text: str) -> None:
        """Show what a command printed."""
        self._console.print(text.rstrip(), markup=False)


async def main(folder: Path, *, stay: bool) -> int:
    """Tell the story; return the process's exit code."""
    screen = Screen()
    async with own_network(folder) as (network, registrations), stage(folder, network, registrations) as on:
        night = Night(network, on.site, screen.tell, screen.heard)
        try:
            await night.begin()
            await night.first()
            await night.second()
        finally:
            await night.end()
        code = await _look_back(on, screen)
        if stay:
            await _stay(on, screen)
        return code


async def _look_back(on: Stage, screen: Screen) -> int:
    """Show the record of the night, the waits in it, and that nothing of it was changed."""
    for words in (("request", "timeline", "E1"), ("request", "report", "E1"), ("request", "report", "E2")):
        await screen.tell(f"tocsin {' '.join(words)}")
        code, printed = await on.command(*words)
        screen.show(printed)
        if code:
            return code
    await screen.tell("tocsin record verify")
    code, printed = await on.command("record", "verify")
    screen.show(printed)
    return code


async def _stay(on: Stage, screen: Screen) -> None:
    """Say how to join, and wait to be interrupted."""
    screen.show(_how_to_join(on.network, on))
    stopped = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stopped.set)
    await stopped.wait()


def _how_to_join(network: Network, on: Stage) -> str:
    people = "\n".join(f"  {name:<11} {word}" for name, word in network.passwords.items() if name != "tocsin")
    return f"""
Everything goes on running. Join with your own IRC client:

  server     localhost, port {network.port}, with TLS; trust the certificate {network.ca_file}
  channel    {CHANNEL}
  sign in    SASL PLAIN, with one of these accounts and its password (use the account as nick):

{people}

  the site   {on.site.live_url}   (the test server: {on.site.test_url})
  its review {on.site.reviews}
  settings   {on.folder}   (tocsin --config {on.folder} request list)

For example in weechat:
  /server add demo localhost/{network.port} -tls -username=ada
  /set weechat.network.gnutls_ca_user {network.ca_file}
  /set irc.server.demo.sasl_username ada
  /set irc.server.demo.sasl_password {network.passwords["ada"]}
  /set irc.server.demo.nicks ada
  /connect demo
  /join {CHANNEL}
Then:  help! I'd like to do an emergency deploy for 1234 -- context is T1234

Ctrl-C ends it all, and leaves nothing behind."""


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="tocsin-demo-") as made:
        try:
            sys.exit(asyncio.run(main(Path(made), stay=os.environ.get("STAY", "") not in ("", "0"))))
        except (NotHeard, NotAsItShould, NotStarted) as broken:
            sys.exit(f"The demonstration went wrong: {broken}")
        except KeyboardInterrupt:
            sys.exit(130)
