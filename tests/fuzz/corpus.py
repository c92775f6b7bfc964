"""Where fuzzing begins: lines that the tests already know, and the words that such lines are made of."""

from collections.abc import Iterator
from pathlib import Path

from parser_tests import data as vectors  # type: ignore[import-untyped]

from tests.irc.test_nasty_lines import BY_A_MEMBER, BY_A_SERVER, TAKES_AUTHORITY_AWAY
from tests.irc.test_templates import FIVE
from tocsin.domain.commands import VERBS
from tocsin.irc import wording
from tocsin.irc.grammar import MEANT

NASTY = [*BY_A_MEMBER.values(), *BY_A_SERVER.values(), *TAKES_AUTHORITY_AWAY.values()]
CERTAIN = b"@account=bo-sre;time=%T;msgid=q1 :bo-sre!bo@sre.example.org PRIVMSG #ops :"
READY = b"\x03"
LONGEST_SEED = 8000
COMMANDS = (
    "PRIVMSG NOTICE JOIN PART KICK QUIT NICK MODE TOPIC ACCOUNT CHGHOST AWAY BATCH CAP PING PONG AUTHENTICATE ERROR"
    " 001 005 332 353 354 366 396 401 404 421 433 437 474 900 901 903 904 #ops tocsin NickServ LS ACK NEW DEL NAK"
).split()
TAGS = "@account= ;account= ;time=%T ;batch=x ;msgid=m draft/relaymsg \\s :bo-sre!b@h :tocsin!b@h".split(" ")
SPOKEN = "E17 #E17 for -- ; plum-otter tocsin: @tocsin anyway with few users going back is safe wiki told page".split()


def write(folder: Path, law: str) -> None:
    """Write the seeds of one law into a folder, a file each."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(SEEDS.get(law, few)()):
        (folder / f"seed-{number:03}").write_bytes(seed[:LONGEST_SEED])


def write_dictionary(path: Path) -> None:
    """Write the words that the fuzzer may put in, in the form that it reads."""
    words = {*COMMANDS, *TAGS, *SPOKEN, *MEANT, *wording.REASONS, *wording.REMEDIES, *wording.OF_TWO_WORDS}
    path.write_text("".join(f'"{_spelled(word)}"\n' for word in sorted(words)))


def few() -> Iterator[bytes]:
    """Too little to break a law by itself."""
    yield b":bo-sre!b@h QUIT :gone"


def lines() -> Iterator[bytes]:
    """Lines as they come from a server."""
    yield from NASTY
    for vector in vectors.msg_split["tests"]:
        yield str(vector["input"]).encode()
    for vector in vectors.msg_join["tests"]:
        yield str(vector["matches"][0]).encode()


def words() -> Iterator[bytes]:
    """What people type."""
    yield from (cry.encode() for cry in FIVE.values())
    for verb in VERBS:
        yield verb.example.encode()
        yield f"tocsin: {verb.example.removeprefix('!')}".encode()
    yield from (said.encode() for said in (*wording.OBJECTIONS, *wording.ASSENTS, *wording.NO_OBJECTION))


def talks() -> Iterator[bytes]:
    """Scripts: the lines of a server that is ready, one that is not, and what we ourselves do between them."""
    for nasty in NASTY:
        yield READY + nasty
    for verb in VERBS:
        yield READY + CERTAIN + verb.example.encode()
    yield b"\x00:s CAP * LS :sasl account-tag server-time batch\n:s CAP * ACK :sasl\nAUTHENTICATE +\n:s 001 tocsin"
    yield (
        READY
        + b"\x00sE17 is confirmed\n:tocsin!bot@host.example.org PRIVMSG #ops :E17 is confirmed\n\x00\x3c\n\x00lgone\n"
    )
    yield READY + b"\x00abo-sre\n:NickServ!s@services.example.org NOTICE tocsin :bo-sre -> bo-sre ACC 3 AAAAAAAAB\n"


SEEDS = {"line": lines, "words": words, "talk": talks}


def _spelled(word: str) -> str:
    return word.replace("\\", "\\\\").replace('"', '\\"')
