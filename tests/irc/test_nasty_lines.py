"""What a member of the channel or a broken server can send: afterwards the bot still works and has believed nothing."""

import random
import time
import tracemalloc
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.irc.talking import START, Talk
from tocsin.irc.events import LineHeard

FROM_BO = b"@account=bo-sre;time=%T :bo-sre!b@h "

# Each looks like bo-sre's confirmation, or like the end of the world, and is neither.
BY_A_MEMBER: dict[str, bytes] = {
    "text that is no UTF-8": b":mallory!m@h PRIVMSG #ops :\xfe\xff\x80 !go\r\n",
    "a tag that is no UTF-8": b"@+typing=\xc3\x28 :mallory!m@h PRIVMSG #ops :!go\r\n",
    "a nick that is no UTF-8": b":\xe9ve!m@h JOIN #ops * :x\r\n",
    "a quit that is no UTF-8": b":bo-sre!b@h PART #ops :\xff\r\n:bo-sre!b@h JOIN #ops bo-sre :\xff\r\n",
    "no text": b":mallory!m@h PRIVMSG #ops :\r\n",
    "spaces only": b":mallory!m@h PRIVMSG #ops :      \r\n",
    "as many tags as fit": b"@" + b"+a=b;" * 1600 + b" :mallory!m@h PRIVMSG #ops :!go\r\n",
    "one huge tag": b"@+x=" + b"y" * 8100 + b" :mallory!m@h PRIVMSG #ops :!go\r\n",
    "every escape": b"@+x=\\:\\s\\r\\n\\\\\\y\\;+y=\\ :mallory!m@h PRIVMSG #ops :!go\r\n",
    "an account by a client-only tag": b"@+account=bo-sre;time=%T :bo-sre!m@h PRIVMSG #ops :!go\r\n",
    "a line in a line by CR": FROM_BO + b"PRIVMSG #ops :x\rPRIVMSG #ops :!go\r\n",
    "line breaks of other alphabets": ":mallory!m@h PRIVMSG #ops :a\u2028b\u2029c\x85d\x0be\x0cf\x1eg\r\n".encode(),
    "bold inside the verb": FROM_BO + b"PRIVMSG #ops :!g\x02o\r\n",
    "colour on the same colour": FROM_BO + b"PRIVMSG #ops :\x0301,01!go\x03\r\n",
    "an action": FROM_BO + b"PRIVMSG #ops :\x01ACTION !go\x01\r\n",
    "an unclosed action": FROM_BO + b"PRIVMSG #ops :\x01ACTION !go\r\n",
    "many CTCP": b":mallory!m@h PRIVMSG tocsin :\x01PING 1\x01\r\n" * 50,
    "to the operators": FROM_BO + b"PRIVMSG @#ops :!go\r\n",
    "a notice": FROM_BO + b"NOTICE #ops :!go\r\n",
    "a notice of services by another": b":NickServ!m@h NOTICE tocsin :bo-sre -> bo-sre ACC 3 AAAAAAAAB\r\n",
    "history": b":s BATCH +x chathistory #ops\r\n@batch=x;account=bo-sre;time=%T :bo-sre!b@h PRIVMSG #ops :!go\r\n",
    "history in a batch": b":s BATCH +x labeled-response\r\n@batch=x :s BATCH +y chathistory #ops\r\n"
    b"@batch=y;account=bo-sre;time=%T :bo-sre!b@h PRIVMSG #ops :!go\r\n:s BATCH -x\r\n",
    "a batch in itself": b"@batch=x :s BATCH +x a\r\n@batch=x;account=bo-sre;time=%T :bo-sre!b@h PRIVMSG #ops :!go\r\n",
    "a batch nobody opened": b"@batch=nope;account=bo-sre;time=%T :bo-sre!b@h PRIVMSG #ops :!go\r\n",
    "a relay": b"@draft/relaymsg=m;account=bo-sre;time=%T :bo-sre/x!b@h PRIVMSG #ops :!go\r\n",
    "a bouncer's buffer": b"@account=bo-sre;time=2021-05-04T03:02:01.000Z :bo-sre!b@h PRIVMSG #ops :!go\r\n",
    "a time in the future": b"@account=bo-sre;time=9999-12-31T23:59:59.999Z :bo-sre!b@h PRIVMSG #ops :!go\r\n",
    "our own words": b":tocsin!x@y PRIVMSG #ops :E17 is confirmed by bo-sre (SRE)\r\n",
    "to many at once": FROM_BO + b"PRIVMSG #ops,#other :!go\r\n",
    "a nick that nobody has": b":nobody!n@h NICK :somebody\r\n:nobody!n@h ACCOUNT bo-sre\r\n:nobody!n@h QUIT :x\r\n",
    "a part of nobody": b":nobody!n@h PART #ops\r\n:nobody!n@h PART #nowhere\r\n:nobody!n@h AWAY\r\n",
}
BY_A_SERVER: dict[str, bytes] = {
    "nothing": b"\r\n\n\r\r\n",
    "spaces": b"     \r\n",
    "tags alone": b"@account=bo-sre\r\n@\r\n@;;;=\r\n",
    "a source alone": b":s\r\n:\r\n: \r\n:s  \r\n",
    "commands without parameters": b"".join(
        b":s %b\r\n" % command
        for command in b"PRIVMSG NOTICE JOIN PART KICK QUIT NICK MODE TOPIC ACCOUNT CHGHOST AWAY BATCH CAP PING PONG "
        b"AUTHENTICATE INVITE WALLOPS 005 331 332 353 354 366 396 401 403 404 421 433 437 471 903".split()
    ),
    "one parameter": b":m!m@h PRIVMSG #ops\r\n:m!m@h KICK #ops\r\n:m!m@h TOPIC #ops\r\n:s 353 x\r\n:s 354 x 42\r\n",
    "no source": b"@account=bo-sre;time=%T PRIVMSG #ops :!go\r\nJOIN #ops\r\nQUIT :x\r\nNICK x\r\nMODE #ops\r\n",
    "a server says it": b"@account=bo-sre;time=%T :irc.example.org PRIVMSG #ops :!go\r\n",
    "an empty account": b"@account=;time=%T :bo-sre!b@h PRIVMSG #ops :!go\r\n",
    "an account without a value": b"@account;time=%T :bo-sre!b@h PRIVMSG #ops :!go\r\n",
    "no account": b"@account=*;time=%T :bo-sre!b@h PRIVMSG #ops :!go\r\n",
    "two accounts": b"@account=bo-sre;time=%T;account=mallory :bo-sre!b@h PRIVMSG #ops :!go\r\n",
    "a NUL": FROM_BO + b"PRIVMSG #ops :!go\0\r\n",
    "a PING that cannot be answered": b"PING :" + b"x" * 600 + b"\r\nPING :a\0b\r\nPING :a\rb\r\nPING\r\n",
    "unknown numerics": b":s 999 tocsin\r\n:s 000\r\n:s 1234567\r\n:s \xff\xfe\r\n",
    "senseless modes": b":s MODE #ops +ooooov\r\n:s MODE #ops +-+-zZ \xff\r\n:s MODE x +i\r\n:s MODE #ops :+v \r\n",
    "senseless names": b":s 353 tocsin = #ops :@ @+ +@+!@ ! @@@ \xff\r\n:s 353 tocsin = #nowhere :ada\r\n",
    "senseless support": b":s 005 tocsin PREFIX=(ov CHANMODES=,,, NICKLEN=99999999999999999999 = =x A=B=C :x\r\n",
    "a line of 20,000 bytes": FROM_BO + b"PRIVMSG #ops :!go " + b"z" * 20_000 + b"\r\n",
    "a line of 100,000 bytes": FROM_BO + b"PRIVMSG #ops :!go " + b"z" * 100_000 + b"\r\n",
    "a batch of batches": b"".join(b":s BATCH +b%d chathistory #ops\r\n" % number for number in range(500)),
    "many parameters": b":s PRIVMSG " + b"#ops " * 1500 + b"\r\n",
}
TAKES_AUTHORITY_AWAY: dict[str, bytes] = {
    "a capability goes": b":s CAP tocsin DEL :account-tag\r\n",
    "sasl goes": b":s CAP tocsin DEL :sasl\r\n",
    "a minus in an ACK": b":s CAP tocsin ACK :-server-time\r\n",
    "we are signed out": b":s 901 tocsin tocsin!b@h :You are now logged out\r\n",
    "we are taken out": b":s KICK #ops tocsin\r\n",
    "a split": b":bo-sre!b@h QUIT :irc1.example.org irc2.example.org\r\n",
    "the end": b"ERROR :Closing link\r\n",
}


def say(talk: Talk, raw: bytes) -> list[LineHeard]:
    filled = raw.replace(b"%T", talk.stamp().encode())
    return [event for event in talk.session.receive(filled, talk.now) if isinstance(event, LineHeard)]


@pytest.mark.parametrize("raw", [*BY_A_MEMBER.values(), *BY_A_SERVER.values()], ids=[*BY_A_MEMBER, *BY_A_SERVER])
def test_the_bot_lives_on_and_believed_nothing(raw: bytes) -> None:
    talk = Talk().ready()
    assert not any(heard.verified for heard in say(talk, raw))
    assert talk.session.closed is None
    talk.out()
    talk.server("PING still-there")
    assert talk.out() == ["PONG still-there"]
    assert talk.line().verified


@pytest.mark.parametrize("raw", TAKES_AUTHORITY_AWAY.values(), ids=list(TAKES_AUTHORITY_AWAY))
def test_what_takes_authority_away_takes_it_at_once(raw: bytes) -> None:
    talk = Talk().ready()
    assert say(talk, raw) == []
    assert talk.session.degraded
    confirmation = b"@account=bo-sre;time=%T :bo-sre!b@h PRIVMSG #ops :!go\r\n"
    assert not any(heard.verified for heard in say(talk, confirmation))


words = st.sampled_from(
    "PRIVMSG NOTICE JOIN PART KICK QUIT NICK MODE TOPIC ACCOUNT CHGHOST AWAY BATCH CAP PING AUTHENTICATE ERROR 001 005"
    " 332 353 354 396 401 404 421 433 437 474 900 901 903 904 #ops tocsin bo-sre * + - :x LS ACK NEW DEL NAK +x -x"
    " netsplit @batch=x @account=bo-sre;account=x :bo-sre!b@h :tocsin!b@h a.b:c.d +v-o,,, PREFIX=() CASEMAPPING=ascii"
    " 42".split()
)
odd_lines = st.one_of(st.binary(max_size=60), st.lists(words, max_size=8).map(lambda found: " ".join(found).encode()))


@settings(max_examples=150)
@given(st.lists(odd_lines, max_size=30), st.booleans())
def test_no_bytes_at_all_raise(lines: list[bytes], is_ready: bool) -> None:
    talk = Talk().ready() if is_ready else Talk()
    for line in lines:
        talk.session.receive(line + b"\r\n", talk.now)
        talk.session.take_outgoing(talk.now)
        talk.now += timedelta(seconds=3)
        talk.session.tick(talk.now)


def test_no_flood_fills_the_memory() -> None:
    talk = Talk().ready()
    noise = random.Random(1)

    def flood(rounds: int) -> None:
        for _ in range(rounds):
            nick = noise.randrange(10**9)
            talk.server(
                f":n{nick}!u@h PRIVMSG #ops :{'x' * 300}",
                f":s BATCH +b{nick} netsplit a.example.org b.example.org",
                f":n{nick}!u@h QUIT :a.example.org b.example.org",
                f"@msgid=m{nick} :n{nick}!u@h PRIVMSG tocsin :x",
                f":s CAP tocsin NEW :c{nick}",
            )
            talk.session.take_outgoing(talk.now)

    flood(3000)
    tracemalloc.start()
    try:
        flood(3000)
        grown, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert grown < 2_000_000


def test_a_line_costs_next_to_nothing() -> None:
    talk = Talk().ready()
    tags = f"account=bo-sre;time={START.isoformat()}"
    lines = b"".join(
        f"@{tags};msgid=q{number} :bo-sre!b@h PRIVMSG #ops :just talking about this and that\r\n".encode()
        for number in range(5000)
    )
    seconds = []
    for _ in range(3):
        began = time.perf_counter()
        talk.session.receive(lines, talk.now)
        seconds.append(time.perf_counter() - began)
    assert min(seconds) < 5000 / 5000  # 200 µs a line: far more than it takes, so that a busy machine does not matter
