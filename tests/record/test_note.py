"""Notes are those of c2sp.org/signed-note: who signs, is known; nobody else is believed."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.record.records import KEY, NAME, PUBLIC
from tocsin.record.note import BadNote, PublicKey, is_name, open_note, read_key, sign_note

# The example in the documentation of Go's sumdb/note: another program's key and signature.
NEUMANN = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
NEUMANN_SECRET = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
NEUMANN_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
NEUMANN_NOTE = (
    NEUMANN_TEXT + "\n— PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(32))
TEXT = "one\n\nthree\n"
NOTE = sign_note(TEXT, NAME, KEY)


def test_a_note_that_another_program_signed_opens() -> None:
    key = read_key(NEUMANN)
    assert open_note(NEUMANN_NOTE, [key]).text == NEUMANN_TEXT
    assert key.text == NEUMANN


def test_we_sign_as_another_program_does() -> None:
    secret = Ed25519PrivateKey.from_private_bytes(base64.b64decode(NEUMANN_SECRET)[1:])
    assert sign_note(NEUMANN_TEXT, "PeterNeumann", secret) == NEUMANN_NOTE


def test_a_note_gives_back_its_text_and_who_signed_it() -> None:
    opened = open_note(NOTE, [PublicKey.of("other", OTHER), PUBLIC])
    assert (opened.text, opened.by) == (TEXT, PUBLIC)


def test_signatures_of_unknown_keys_are_passed_over() -> None:
    strange = sign_note(TEXT, "other", OTHER).removeprefix(TEXT + "\n")
    assert open_note(NOTE + strange, [PUBLIC]).by == PUBLIC
    with pytest.raises(BadNote, match="Nobody whom we know"):
        open_note(NOTE, [PublicKey.of("other", OTHER)])


def test_a_bad_signature_of_a_known_key_spoils_the_note() -> None:
    other = PublicKey.of("other", OTHER)
    bad = sign_note("another text\n", "other", OTHER).removeprefix("another text\n\n")
    assert open_note(NOTE + bad, [PUBLIC]).text == TEXT
    with pytest.raises(BadNote, match="not of this text"):
        open_note(NOTE + bad, [PUBLIC, other])


@pytest.mark.parametrize("place", range(len(TEXT) - 1))
def test_a_changed_text_is_no_longer_signed(place: int) -> None:
    changed = NOTE[:place] + ("x" if NOTE[place] != "x" else "y") + NOTE[place + 1 :]
    with pytest.raises(BadNote):
        open_note(changed, [PUBLIC])


@pytest.mark.parametrize(
    "note",
    [
        "",
        TEXT,
        TEXT + "\n",
        NOTE[:-1],
        NOTE + "\n",
        NOTE + "more\n",
        NOTE.replace("\n\n\N{EM DASH}", "\n\N{EM DASH}"),
        NOTE.replace("\N{EM DASH} ", "- "),
        NOTE.replace("\N{EM DASH} ", "\N{EM DASH}"),
        NOTE[:-1] + " more\n",
        NOTE[:-2] + "\n",
        NOTE[:-1] + "!\n",
        NOTE.replace("one", "on\te"),
        "\n\n" + NOTE.partition("\n\n\N{EM DASH}")[2],
        TEXT + f"\n\N{EM DASH} {NAME} AAAA\n",
        TEXT + f"\n\N{EM DASH} {NAME}+ {NOTE.rpartition(' ')[2]}",
        NOTE + NOTE.rpartition("\n\n")[2] * 100,
        "x" * 100_001 + NOTE,
    ],
)
def test_what_is_no_note_is_refused(note: str) -> None:
    with pytest.raises(BadNote):
        open_note(note, [PUBLIC])


@pytest.mark.parametrize("name", ["", "two words", "plus+", "tab\t", "line\n", "thin\N{THIN SPACE}space"])
def test_a_name_is_one_word_without_a_plus(name: str) -> None:
    assert not is_name(name)
    assert is_name(NAME)


@pytest.mark.parametrize(
    "text",
    [
        "",
        NAME,
        PUBLIC.text[1:],
        PUBLIC.text[:-4],
        PUBLIC.text.replace(PUBLIC.id.hex(), "00000000"),
        "x" + PUBLIC.text,
        f"{NAME}+{PUBLIC.id.hex()}+{base64.b64encode(b'2' + PUBLIC.raw).decode()}",
    ],
)
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(BadNote):
        read_key(text)
