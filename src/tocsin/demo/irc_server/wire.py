"""Bytes to lines and back, as a server needs it; what the lines mean is for others.

Bytes that are no UTF-8 survive the trip unchanged (surrogateescape): a server passes on what it was given, so this room
cannot share the bot's parser, which replaces them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

BODY_BYTES = 510  # the 512 of the protocol without the line end; tags are not counted
LONGEST_BYTES = 4094 + 512  # of tags, and the rest


@dataclass(frozen=True, slots=True)
class Line:
    """What a client said: the tags keep their escaping, the command is in capitals."""

    command: str
    parameters: tuple[str, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Event:
    """Something to be told to clients, each of whom gets the tags that it asked for."""

    source: str
    command: str
    parameters: tuple[str, ...]
    account: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    at: datetime = field(default_factory=lambda: datetime.now(UTC))


def read(raw: bytes) -> Line | None:
    """Understand one line; an empty one, or one of tags alone, is nothing. The sender's idea of a source is ignored."""
    text = raw.replace(b"\r", b"").replace(b"\0", b" ").decode("utf-8", "surrogateescape").lstrip(" ")
    tags: dict[str, str] = {}
    if text.startswith("@"):
        section, _, text = text[1:].partition(" ")
        tags = {key: value for key, _, value in (item.partition("=") for item in section.split(";")) if key}
    text = _cut(text.lstrip(" "))
    if text.startswith(":"):
        text = text.partition(" ")[2]
    head, colon, trailing = text.partition(" :")
    words = [word for word in head.split(" ") if word]
    if not words:
        return None
    return Line(words[0].upper(), (*words[1:], trailing) if colon else tuple(words[1:]), tags)


def write(event: Event, tags: Mapping[str, str]) -> bytes:
    """Spell one line, cut where the protocol ends it, in the middle of a character if need be."""
    prefix = ";".join(f"{key}={value}" if value else key for key, value in tags.items())
    *middle, last = event.parameters
    source = f":{event.source} " if event.source else ""
    body = source + " ".join([event.command, *middle, ":" + last])
    head = f"@{prefix} " if prefix else ""
    return (head + _cut(body)).encode("utf-8", "surrogateescape") + b"\r\n"


def _cut(text: str) -> str:
    return text.encode("utf-8", "surrogateescape")[:BODY_BYTES].decode("utf-8", "surrogateescape")
