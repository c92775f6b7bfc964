"""The tables of the record as queries name them; making them is left to `schema/`."""

from dataclasses import fields

from sqlalchemy import Column, Integer, LargeBinary, MetaData, Table, Text

from tocsin.record.entry import Entry

_TYPES = {int: Integer, str: Text, str | None: Text, bytes: LargeBinary, bytes | None: LargeBinary}

METADATA = MetaData()

ENTRIES = Table(
    "entries",
    METADATA,
    *(Column(field.name, _TYPES[field.type], primary_key=field.name == "position") for field in fields(Entry)),  # type: ignore[index] # no annotation of Entry is a string
)
"""One column for each field of `Entry`, in the same order: a row is an `Entry` as it is."""

HEADS = Table("heads", METADATA, Column("size", Integer, primary_key=True), Column("note", Text))

KEYS = Table("keys", METADATA, Column("key", Text, primary_key=True))
