"""How far a follower has come: kept over restarts, and rather too early than too far."""

from pathlib import Path

import pytest

from tocsin.storage.cursors import FileCursor


def test_it_begins_at_the_very_first(tmp_path: Path) -> None:
    assert FileCursor(tmp_path / "heard-by-irc").position() == 0


def test_it_is_kept_over_a_restart(tmp_path: Path) -> None:
    FileCursor(tmp_path / "heard-by-irc").move(41)
    assert FileCursor(tmp_path / "heard-by-irc").position() == 41
    assert [each.name for each in tmp_path.iterdir()] == ["heard-by-irc"]


@pytest.mark.parametrize("content", [b"", b"forty", b"\xff\xfe", b"4 1"])
def test_a_torn_file_is_the_very_beginning(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "heard-by-irc").write_bytes(content)
    assert FileCursor(tmp_path / "heard-by-irc").position() == 0


def test_a_full_disk_costs_a_repetition_after_the_next_start_and_nothing_else(tmp_path: Path) -> None:
    cursor = FileCursor(tmp_path / "heard-by-irc")
    cursor.move(41)
    (tmp_path / "heard-by-irc.fresh").mkdir()  # as if the disk were full: it cannot be written
    cursor.move(42)
    assert cursor.position() == 42
    assert FileCursor(tmp_path / "heard-by-irc").position() == 41
