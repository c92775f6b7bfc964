"""Everything that is asked of the record's tables, by name; built once, for building takes longer than asking."""

from typing import Any

from sqlalchemy import Select, bindparam, func, literal_column, select

from tocsin.storage.tables import ENTRIES, HEADS, KEYS

# Of a record that is written only at its end, the last position is also how many entries there are.
LAST_POSITION: Select[Any] = select(func.coalesce(func.max(ENTRIES.c.position), 0))

NEWEST_VERSION: Select[Any] = select(func.coalesce(func.max(ENTRIES.c.version), 0)).where(
    ENTRIES.c.stream == bindparam("stream")
)

# The second condition is spelled as in the index, which leaves acts without an id out; else it would not be used.
WITH_ACT: Select[Any] = (
    select(ENTRIES.c.position).where(ENTRIES.c.act == bindparam("act"), ENTRIES.c.act != literal_column("''")).limit(1)
)

# As `sealing.read_event` takes them; the hashes and the salt are half of a row, and say nothing about what happened.
_EVENT: Select[Any] = select(
    *(ENTRIES.c[name] for name in "position stream version at name surface person proof act kind shape body".split())
)

EVENTS_OF_STREAM: Select[Any] = _EVENT.where(ENTRIES.c.stream == bindparam("stream")).order_by(ENTRIES.c.version)

EVENTS_AFTER: Select[Any] = (
    _EVENT.where(ENTRIES.c.position > bindparam("after")).order_by(ENTRIES.c.position).limit(bindparam("most"))
)

ENTRIES_AFTER: Select[Any] = (
    select(ENTRIES).where(ENTRIES.c.position > bindparam("after")).order_by(ENTRIES.c.position).limit(bindparam("most"))
)

HASHES_AFTER: Select[Any] = (
    select(ENTRIES.c.hash).where(ENTRIES.c.position > bindparam("after")).order_by(ENTRIES.c.position)
)

NEWEST_HEAD: Select[Any] = select(HEADS.c.note).order_by(HEADS.c.size.desc()).limit(1)

HEADS_AFTER: Select[Any] = (
    select(HEADS.c.note, HEADS.c.size)
    .where(HEADS.c.size > bindparam("after"))
    .order_by(HEADS.c.size)
    .limit(bindparam("most"))
)

ALL_KEYS: Select[Any] = select(KEYS.c.key).order_by(KEYS.c.key)

ADD_ENTRIES = ENTRIES.insert()
ADD_HEAD = HEADS.insert()
ADD_KEY = KEYS.insert()
