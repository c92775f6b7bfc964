"""An export proves itself without us; what is no export is refused with its line."""

import json

import pytest

from tests.record.records import PUBLIC, head_of, record
from tocsin.record.entry import redact
from tocsin.record.export import LONGEST_LINE, BadExport, read_export, write_export
from tocsin.record.verifying import verify

ENTRIES = record(5)
LINES = tuple(write_export([PUBLIC], ENTRIES, [head_of(ENTRIES)]))
ENTRY = json.loads(LINES[1])["entry"]


def lines_with(**changed: object) -> tuple[str, ...]:
    return (LINES[0], json.dumps({"entry": {**ENTRY, **changed}}) + "\n", *LINES[2:])


def test_an_export_reads_back_as_it_was() -> None:
    export = read_export(LINES)
    assert (export.keys, export.entries) == ((PUBLIC,), ENTRIES)
    assert verify(export.entries, export.checkpoints, export.keys).holds


def test_a_redacted_entry_is_exported_without_its_body() -> None:
    export = read_export(write_export([PUBLIC], [redact(ENTRIES[0]), *ENTRIES[1:]], [head_of(ENTRIES)]))
    assert export.entries[0].body is None
    verdict = verify(export.entries, export.checkpoints, export.keys)
    assert verdict.holds
    assert verdict.redacted == 1


def test_an_export_whose_end_is_cut_off_does_not_hold() -> None:
    for length in range(2, len(LINES)):
        export = read_export(LINES[:length])
        assert not verify(export.entries, export.checkpoints, export.keys).holds


@pytest.mark.parametrize(
    ("line", "lines"),
    [
        (1, ()),
        (1, ("",)),
        (1, ("no json\n",)),
        (1, LINES[1:]),
        (1, ('{"tocsin_record":2,"keys":[]}\n',)),
        (1, ('{"tocsin_record":1,"keys":["nonsense"]}\n',)),
        (1, ('{"tocsin_record":1,"keys":[1]}\n',)),
        (1, ('{"tocsin_record":1,"keys":[],"more":1}\n',)),
        (2, (LINES[0], LINES[0])),
        (2, (LINES[0], "\n")),
        (2, (LINES[0], "[]\n")),
        (2, (LINES[0], '{"checkpoint":1}\n')),
        (2, (LINES[0], '{"other":1}\n')),
        (2, (LINES[0], '{"entry":{},"entry":{}}\n')),
        (2, (LINES[0], '{"entry":{"position":1.0}}\n')),
        (2, (LINES[0], '{"entry":{}}\n')),
        (2, (LINES[0], "[" * 100_000 + "\n")),
        (2, (LINES[0], '"' + "x" * LONGEST_LINE + '"\n')),
        (2, (LINES[0], LINES[1].replace("ada", "\ud800"))),
        (2, lines_with(more=1)),
        (2, lines_with(position="1")),
        (2, lines_with(position=True)),
        (2, lines_with(position=None)),
        (2, lines_with(name=1)),
        (2, lines_with(name=None)),
        (2, lines_with(name="\ud800")),
        (2, lines_with(body="\ud800")),
        (2, lines_with(hash="zz")),
        (2, lines_with(hash="AB")),
        (2, lines_with(hash="ab ")),
        (8, (*LINES, LINES[1])),
        (8, (*LINES, LINES[0])),
    ],
)
def test_a_malformed_line_is_refused_by_its_number(line: int, lines: tuple[str, ...]) -> None:
    with pytest.raises(BadExport, match=f"^Line {line}: ") as refused:
        read_export(lines)
    assert refused.value.line == line
