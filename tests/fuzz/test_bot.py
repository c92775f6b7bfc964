"""The whole bot, from the bytes of a server to what it sends: no line ends an answer halfway, or the bot."""

import asyncio
import gc
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz import corpus
from tests.irc.night_shift import NightShift, OnTheWire
from tests.irc.talking import Talk
from tocsin.irc.events import LineHeard

pytestmark = pytest.mark.fuzz
EXAMPLES = 300
LINES_AT_MOST = 12

SPOKEN = [text.decode() for text in corpus.words()]
texts = st.one_of(
    st.sampled_from(SPOKEN),
    st.text(max_size=300),
    st.builds(lambda said, more: f"{said} {more}", st.sampled_from(SPOKEN), st.text(max_size=100)),
)
nicks = st.one_of(
    st.sampled_from(["ada", "bo-sre", "kim-releng", "mallory", "tocsin", "", ":", "#ops", "a" * 100, "n" * 390]),
    st.text(max_size=12),
)
targets = st.sampled_from(["#ops", "#OPS", "tocsin", "@#ops", "#elsewhere", ""])


@st.composite
def said(draw: st.DrawFn) -> bytes:
    """A line that somebody says, with an account or without, in a channel or to the bot alone."""
    nick, target, text = draw(nicks), draw(targets), draw(texts)
    account = draw(st.sampled_from([f"account={nick};", "account=ada;", "", "account=mallory;"]))
    return f"@{account}time=%T :{nick}!u@h PRIVMSG {target} :{text}".encode().replace(b"\n", b" ")


@settings(max_examples=EXAMPLES)
@given(st.lists(st.one_of(said(), st.sampled_from(corpus.NASTY)), min_size=1, max_size=LINES_AT_MOST))
async def test_no_line_ends_an_answer_halfway(lines: list[bytes]) -> None:
    broken: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: broken.append(context))
    talk = Talk().ready()
    shift = NightShift(OnTheWire(talk.session))
    for line in lines:
        for event in talk.session.receive(line.replace(b"%T", talk.stamp().encode()) + b"\r\n", talk.now):
            if isinstance(event, LineHeard):
                shift.accounts[event.nick] = event.account or ""
            await shift.bot.on_event(event)
        await shift.bot.finish()
        await shift.follows()
        for sent in talk.session.take_outgoing(talk.now):
            assert sent.count(b"\n") == 1
    gc.collect()
    assert not broken, broken
