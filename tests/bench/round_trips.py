"""From a line said to its answer seen, on a real network: ours records an act, two other bots record nothing.

This server sends a line only when the one before was acknowledged: who does so at leisure answers 40 ms later.
"""

import re
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count

from tests.bench.figures import Figure, halves_and_tails
from tests.bench.peers import PEERS, NotInstalled, Peer, installed
from tests.bench.served import Place, Program, installation, running
from tests.networks.client import Client
from tests.networks.inspircd import missing
from tocsin.demo.installation import BOT
from tocsin.demo.story import CHANNEL

STARTS = 5
ROUNDS = 5
TRIPS = 100
WARM = 20
ANSWER_SECONDS = 10.0
CRY = "help! I'd like to do an emergency deploy for 1234 -- context is T1234"
BESIDE = "stands beside: records nothing"


@dataclass(frozen=True, slots=True)
class Asked:
    """A bot that is there, and what it is asked: `{}` is a number that a good answer may repeat."""

    nick: str
    what: str
    line: str
    answer: str
    goal: str = ""


OURS = Asked(BOT, "irc: round trip: tocsin, a hold recorded", "!hold E1 who watches, {}?", r"E1 .*who watches, {}\?")


def measure() -> Iterator[Figure]:
    """Yield how long each bot takes to be there, and then to answer, turn by turn on one network."""
    if absent := missing():
        yield Figure("irc: round trips", (), "ms", f"not measured: apt-get install {absent}")
        return
    with installation() as place, place.enter("watcher") as watcher:
        yield from _joining(place)
        programs = {place.tocsin.nick: place.tocsin}
        for peer in PEERS:
            try:
                programs[peer.nick] = installed(peer, place)
            except NotInstalled as why:
                yield Figure(f"irc: round trip: {peer.nick}", (), "ms", f"not measured: {why}")
        yield from _starting(programs, watcher)
        yield from _answering(place, programs, watcher)


def open_a_request(ada: Client) -> None:
    """Cry for help, and hear the answer."""
    ada.say(CHANNEL, CRY)
    ada.wait_for(rf":{BOT}!\S+ PRIVMSG {CHANNEL} :ada: E1 needs ", ANSWER_SECONDS)


def _joining(place: Place) -> Iterator[Figure]:
    """A server lets newcomers in when it likes to, and nobody can be faster than that."""
    seconds = list[float]()
    for number in range(STARTS):
        began = time.perf_counter()
        place.enter(f"newcomer{number}", "mo-sre").close()
        seconds.append(time.perf_counter() - began)
    yield Figure("irc: connected, signed in and joined by hand", tuple(seconds), "s", "the floor")


def _starting(programs: dict[str, Program], watcher: Client) -> Iterator[Figure]:
    for nick, program in programs.items():
        seconds = list[float]()
        for _ in range(STARTS):
            with running(program, watcher, seconds):
                pass
        yield Figure(f"irc: start to joined: {nick}", tuple(seconds), "s", "" if nick == BOT else "stands beside")


def _answering(place: Place, programs: dict[str, Program], watcher: Client) -> Iterator[Figure]:
    asked = [OURS, *(_asked(peer) for peer in PEERS if peer.nick in programs)]
    took: dict[str, list[list[float]]] = {each.nick: [] for each in asked}
    with ExitStack() as stack:
        for each in asked:
            stack.enter_context(running(programs[each.nick], watcher, []))
        open_a_request(stack.enter_context(place.enter("ada", "ada")))
        speaker = stack.enter_context(place.enter("bo-sre", "bo-sre"))
        numbers = count()
        for round_ in range(1 + ROUNDS):
            for each in asked:
                times = WARM if round_ == 0 else TRIPS
                took[each.nick].append([_trip(each, next(numbers), speaker, watcher) for _ in range(times)])
    for each in asked:
        yield from halves_and_tails(each.what, took[each.nick][1:], "ms", each.goal)


def _asked(peer: Peer) -> Asked:
    return Asked(peer.nick, f"  {peer.pinned}, {peer.asked}", peer.asked, re.escape(peer.answer), BESIDE)


def _trip(asked: Asked, number: int, speaker: Client, watcher: Client) -> float:
    """Say a line, and wait until another client sees the answer; before it was said nothing was left to be seen."""
    watcher.settle()
    answer = rf":{asked.nick}!\S+ PRIVMSG {CHANNEL} :.*{asked.answer.format(number)}"
    began = time.perf_counter()
    speaker.say(CHANNEL, asked.line.format(number))
    watcher.wait_for(answer, ANSWER_SECONDS)
    return 1000 * (time.perf_counter() - began)
