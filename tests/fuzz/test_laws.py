"""The laws of IRC, tried with lines that are almost right: nearly a verb, nearly an account, nearly one line."""

import unicodedata
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz import corpus
from tests.fuzz.laws import a_line_is_read_and_written_again, words_become_no_act_that_was_not_said
from tests.fuzz.talks import Conversation, is_certain
from tocsin.domain.commands import VERBS
from tocsin.irc.grammar import MEANT
from tocsin.irc.message import LONGEST_WRITTEN, UnsafeLine, build

pytestmark = pytest.mark.fuzz
EXAMPLES = 4000
TALKS = 1500


def folded(letter: str) -> set[str]:
    return {letter.casefold(), letter.lower(), unicodedata.normalize("NFKC", letter).casefold()}


# Every character that becomes plain letters when case or width no longer matters.
LOOKALIKES = [
    letter
    for letter in map(chr, range(0x80, 0x20000))
    if unicodedata.category(letter) not in ("Cs", "Cn")
    and any(each.isascii() and each.isalpha() for each in folded(letter))
]
SPELLED = {letter: plain for letter in LOOKALIKES for plain in sorted(folded(letter)) if plain.isascii()}
INVISIBLE = "\u200b\u2060\u00ad\u202e\u200d\ufeff\u0301"
SAID = sorted({*(verb.example.lower() for verb in VERBS), *(f"!{word} E17" for word in MEANT)})


# What a pattern may take more than once, in several ways: the longer the row, the more ways there are.
STARTS = [
    "help, an emergency deploy 1234 ",
    "#emergency deploy 1234 ",
    "",
    "!emergency 1234 ",
    "!E17 data fix -- ",
    "!E17 ",
]
FIRST = [
    "",
    "task ",
    "context",
    "going back ",
    "wiki a",
    "wiki a page ",
    "wiki a page b told",
    "http://",
    "recipe",
    "with",
]
ROWS = ": / A T1 1 a a: is E - ; . , -- task told page wiki http://a/ and with going\xa0back not\xa0safe".split(" ")
ROWS += [" ", "\t", *(f"{row} " for row in ROWS), *(f"{row}, " for row in ROWS)]
ENDS = ["", "!", " #emergency deploy 1234"]
LENGTHS = (60, 300, 1000)  # what doubles with each letter is noticed in the first, or it would not come to an end


def almost(said: str) -> set[str]:
    """Return what looks like a text, with one other letter in it."""
    return {
        said[:place] + letter + said[place + len(plain) :]
        for letter, plain in SPELLED.items()
        for place in range(1, said.find(" "))
        if said.startswith(plain, place)
    }


@pytest.mark.parametrize("said", SAID)
def test_what_only_looks_like_a_verb_is_none(said: str) -> None:
    for text in almost(said):
        words_become_no_act_that_was_not_said(text.encode())
        words_become_no_act_that_was_not_said(text.removeprefix("!").encode())


@settings(max_examples=EXAMPLES)
@given(
    st.sampled_from(SAID), st.lists(st.tuples(st.integers(0, 20), st.sampled_from([*SPELLED, *INVISIBLE])), max_size=4)
)
def test_what_nobody_sees_makes_no_verb(said: str, put_in: list[tuple[int, str]]) -> None:
    for place, letter in put_in:
        said = said[:place] + letter + said[place:]
    words_become_no_act_that_was_not_said(said.encode())


@settings(max_examples=EXAMPLES)
@given(st.text(max_size=1100), st.sampled_from(["", "!", "tocsin: ", "!E17 ", "!describe E17 ", "!emergency "]))
def test_no_text_is_too_odd_for_the_grammar(text: str, start: str) -> None:
    words_become_no_act_that_was_not_said(f"{start}{text}".encode("utf-8", "replace"))


@pytest.mark.parametrize("start", STARTS)
def test_no_row_of_the_same_makes_the_grammar_slow(start: str) -> None:
    for first, row, end in product(FIRST, ROWS, ENDS):
        for length in LENGTHS:
            said = f"{start}{first}{row * length}"[: length - len(end)]
            words_become_no_act_that_was_not_said(f"{said}{end}".encode())


@settings(max_examples=EXAMPLES)
@given(st.sampled_from(list(corpus.lines())), st.binary(max_size=30), st.integers(0, 300))
def test_a_line_with_odd_bytes_inside_is_read_as_it_is_written(line: bytes, odd: bytes, place: int) -> None:
    a_line_is_read_and_written_again(line[:place] + odd + line[place:])


@settings(max_examples=EXAMPLES)
@given(st.text(max_size=20), st.lists(st.text(max_size=600), max_size=4))
def test_whatever_is_written_is_one_line(command: str, params: list[str]) -> None:
    try:
        line = build(command, *params)
    except UnsafeLine:
        return
    assert len(line) <= LONGEST_WRITTEN
    assert [each for each in b"\r\n\0" if each in line[:-2]] == []


tags = st.lists(
    st.sampled_from(
        "account=bo-sre account=ada account= account account=* +account=bo-sre account=bo\\-sre ACCOUNT=bo-sre time=%T"
        " time= time=2021-01-01T00:00:00Z time=%T msgid=q batch=x draft/relaymsg=m label=1 a\\:b=c".split()
    ),
    max_size=6,
)
sources = st.sampled_from([":bo-sre!b@h ", ":bo-sre ", ":irc.example.org ", "", ":!@ ", ":tocsin!b@h ", ":bo-sre!b "])
spoken = st.sampled_from(
    ["PRIVMSG", "NOTICE", "privmsg #ops", "PRIVM\u017fG #ops", "TAGMSG #ops", "PRIVMSG #ops", "PRIVMSG  #ops",
     "PRIVMSG @#ops", "PRIVMSG tocsin", "PRIVMSG #OPS", "PRIVMSG #other", "PRIVMSG #ops,#other"]
)  # fmt: skip
texts = st.sampled_from(["!go E17", "!confirm E17 plum-otter", "\x01ACTION !go\x01", "!g\x02o", "a\rb", "", "x" * 500])
lines = st.builds(
    lambda tags, source, spoken, text: f"{'@' + ';'.join(tags) + ' ' if tags else ''}{source}{spoken} :{text}".encode(),
    tags, sources, spoken, texts,
)  # fmt: skip


@settings(max_examples=TALKS)
@given(st.lists(lines, min_size=5, max_size=20))
def test_no_line_counts_that_is_not_certain(spoken: list[bytes]) -> None:
    talk = Conversation().ready()
    for line in spoken:
        talk.theirs(line)


@settings(max_examples=TALKS)
@given(
    st.integers(0, 3), st.lists(st.one_of(lines, st.sampled_from(corpus.NASTY), st.binary(max_size=40)), max_size=30)
)
def test_no_server_ends_the_session(how: int, spoken: list[bytes]) -> None:
    talk = Conversation()
    talk.goes(bytes([how]) + b"\n".join(spoken))
    talk.still_answers()


@settings(max_examples=TALKS)
@given(st.text(max_size=60), st.text(max_size=900))
def test_nothing_that_we_are_to_say_becomes_two_lines(target: str, text: str) -> None:
    talk = Conversation().ready()
    talk.says(target, text)
    talk.passes(10)


def test_what_is_certain_does_count() -> None:
    talk = Conversation().ready()
    talk.theirs(corpus.CERTAIN + b"!go E17")
    assert talk.counted == 1


@pytest.mark.parametrize(
    "line",
    [
        b":bo-sre!b@h PRIVMSG #ops :!go",
        b"@time=t :bo-sre!b@h PRIVMSG #ops :!go",
        b"@time=t;account= :bo-sre!b@h PRIVMSG #ops :!go",
        b"@time=t;account=a;account=b :bo-sre!b@h PRIVMSG #ops :!go",
        b"@time=t;account=a :bo-sre PRIVMSG #ops :!go",
        b"@time=t;account=a :bo-@sre!b PRIVMSG #ops :!go",
        b"@time=t;account=a :bo-sre!b@h NOTICE #ops :!go",
        b"@time=t;account=a;batch=x :bo-sre!b@h PRIVMSG #ops :!go",
        b"@time=t;account=a :bo-sre!b@h PRIVMSG #ops :!g\x02o",
    ],
)
def test_the_law_itself_knows_what_is_not_certain(line: bytes) -> None:
    assert not is_certain(line)
    assert is_certain(b"@time=t;account=a :bo-sre!b@h PRIVMSG #ops :!go")
