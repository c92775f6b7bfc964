"""The kinds of words that a configuration is made of: what may stand in each, and a sentence for all else."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Annotated
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, BeforeValidator, Field

from tocsin.config.durations import duration
from tocsin.domain.people import SYSTEM
from tocsin.irc.names import folding

fold = folding("rfc1459")
"""Names that any network holds for the same are the same here: the widest casemapping finds the most doubles."""


def is_printable(text: str) -> bool:
    """Say whether people see all of a text: no control, direction or zero-width character hides in it."""
    return text.isprintable()


def matching(pattern: str, sentence: str) -> Callable[[str], str]:
    """Return a check of a word; the sentence says what is wrong with another."""
    compiled = re.compile(pattern, re.ASCII)

    def check(text: str) -> str:
        if compiled.fullmatch(text) is None:
            raise ValueError(sentence)
        return text

    return check


def _person(text: str) -> str:
    if text == SYSTEM:
        raise ValueError("is what the tool calls itself: give the person another name")
    return text


def _sentence(text: str) -> str:
    if not text.strip():
        raise ValueError("is empty: write something, or leave the key out")
    if not is_printable(text):
        raise ValueError("holds a line break or a character that cannot be seen: take it out")
    return text


def _web_address(text: str) -> str:
    parts = urlsplit(_sentence(text))
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("is a web address that begins with https://")
    if not _has_port(parts):
        raise ValueError("has a port that is none: it is from 1 to 65535")
    if parts.username or parts.password:
        raise ValueError("holds a user name or a password: an address is shown to everybody")
    return text


def _has_port(parts: SplitResult) -> bool:
    """Reading the port of an address is what checks it."""
    try:
        return parts.port != 0
    except ValueError:
        return False


def _positive(number: int) -> int:
    if number < 1:
        raise ValueError(f"must be at least 1, not {number}")
    return number


def _port(number: int) -> int:
    if not 1 <= number <= 65535:
        raise ValueError(f"is a port from 1 to 65535, not {number}")
    return number


NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")

_NICK = r"[A-Za-z\[\]\\`_^{|}][A-Za-z0-9\[\]\\`_^{|}-]{0,63}"

Name = Annotated[str, AfterValidator(matching(NAME.pattern, "may hold only a-z, 0-9 and -, and begins with no -"))]
PersonName = Annotated[Name, AfterValidator(_person)]
Nick = Annotated[str, AfterValidator(matching(_NICK, "is not a nick that IRC allows"))]
AccountName = Annotated[str, AfterValidator(matching(_NICK, "is not an account name that IRC services allow"))]
Registration = Annotated[str, AfterValidator(matching(r"[!-~]{1,64}", "is the word or number that services show"))]
Login = Annotated[
    str, AfterValidator(matching(r"[a-z_][a-z0-9_.-]{0,31}", "is not a unix account name (a-z, 0-9, _, . and -)"))
]
Email = Annotated[
    str, AfterValidator(matching(r"[^\s@<>,;\"]+@[^\s@<>,;\"]+", "is an address such as ada@example.org"))
]
Channel = Annotated[
    str, AfterValidator(matching(r"#[^\x00-\x20,:\x07\x7f]{1,49}", "is a channel such as #operations, without spaces"))
]
Host = Annotated[str, AfterValidator(matching(r"[A-Za-z0-9:._-]{1,253}", "is a host name or an address"))]
Port = Annotated[int, AfterValidator(_port)]
Count = Annotated[int, AfterValidator(_positive)]
Sentence = Annotated[str, AfterValidator(_sentence)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
Duration = Annotated[timedelta, BeforeValidator(duration), Field(json_schema_extra={"kind": "length of time"})]
