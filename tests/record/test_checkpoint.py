"""A signed head says how large the record is and what is in it, in the name of that record alone."""

import base64

import pytest

from tests.record.records import KEY, NAME, PUBLIC
from tocsin.record.checkpoint import Head, open_head, sign_head
from tocsin.record.note import BadNote, PublicKey, sign_note

HEAD = Head(NAME, 17, bytes(range(32)))
ROOT = base64.b64encode(HEAD.root).decode()


def test_a_head_is_three_lines_of_text() -> None:
    assert HEAD.text == f"{NAME}\n17\n{ROOT}\n"


@pytest.mark.parametrize("head", [HEAD, Head(NAME, 0, bytes(32))])
def test_a_signed_head_opens(head: Head) -> None:
    assert open_head(sign_head(head, KEY), [PUBLIC]) == head


def test_extensions_say_nothing_to_us() -> None:
    assert open_head(sign_note(HEAD.text + "more\n", NAME, KEY), [PUBLIC]) == HEAD


def test_the_head_of_another_record_is_refused() -> None:
    note = sign_note(Head("example.org/other", 17, HEAD.root).text, NAME, KEY)
    with pytest.raises(BadNote, match="another record"):
        open_head(note, [PUBLIC])


def test_the_same_key_under_another_name_is_another_key() -> None:
    with pytest.raises(BadNote, match="Nobody"):
        open_head(sign_head(HEAD, KEY), [PublicKey.of("example.org/other", KEY)])


@pytest.mark.parametrize(
    "text",
    [
        f"{NAME}\n17\n",
        f"{NAME}\n017\n{ROOT}\n",
        f"{NAME}\n-1\n{ROOT}\n",
        f"{NAME}\n\N{FULLWIDTH DIGIT SEVEN}\n{ROOT}\n",
        f"{NAME}\n{'9' * 30}\n{ROOT}\n",
        f"{NAME}\n17\n{ROOT[:-4]}\n",
        f"{NAME}\n17\n{ROOT}!\n",
        f"{NAME}\n\n17\n{ROOT}\n",
        f"{NAME}\n17\n{ROOT}\n\nmore\n",
    ],
)
def test_what_is_no_head_is_refused_though_signed(text: str) -> None:
    with pytest.raises(BadNote):
        open_head(sign_note(text, NAME, KEY), [PUBLIC])
