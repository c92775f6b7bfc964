"""Outputs grow at their end, are read from anywhere, and stay within their folder."""

from hashlib import sha256
from pathlib import Path

import pytest

from tocsin.domain.errors import RecordUnavailable
from tocsin.domain.people import RequestId
from tocsin.storage import outputs
from tocsin.storage.outputs import NoSuchOutput, Outputs, OutputTooLong

E17 = RequestId("E17")
ATTEMPT = "E17-forward-1-1"


@pytest.fixture
def kept(tmp_path: Path) -> Outputs:
    return Outputs(tmp_path / "outputs")


def test_an_output_grows_at_its_end(kept: Outputs) -> None:
    assert kept.append(E17, ATTEMPT, b"one\n") == 4
    assert kept.append(E17, ATTEMPT, b"two\n") == 8
    assert kept.read(E17, ATTEMPT, 0) == b"one\ntwo\n"
    assert kept.size(E17, ATTEMPT) == 8


def test_a_part_is_read_from_anywhere(kept: Outputs) -> None:
    kept.append(E17, ATTEMPT, b"one\ntwo\n")
    assert kept.read(E17, ATTEMPT, 4, 3) == b"two"
    assert kept.read(E17, ATTEMPT, 8) == b""
    assert kept.read(E17, ATTEMPT, 100) == b""


def test_a_reader_gets_no_more_at_once_than_a_page_can_take(kept: Outputs) -> None:
    kept.append(E17, ATTEMPT, b"x" * (outputs.READ_AT_ONCE_BYTES + 1))
    assert len(kept.read(E17, ATTEMPT, 0, 10**9)) == outputs.READ_AT_ONCE_BYTES


def test_the_hash_is_of_the_whole_output(kept: Outputs) -> None:
    printed = b"x" * (outputs.READ_AT_ONCE_BYTES + 17)
    kept.append(E17, ATTEMPT, printed)
    assert kept.sha256(E17, ATTEMPT) == sha256(printed).hexdigest()


def test_an_attempt_that_printed_nothing_has_the_hash_of_nothing(kept: Outputs) -> None:
    assert kept.size(E17, ATTEMPT) == 0
    assert kept.sha256(E17, ATTEMPT) == sha256(b"").hexdigest()
    with pytest.raises(NoSuchOutput):
        kept.read(E17, ATTEMPT, 0)


def test_only_their_owner_reads_outputs(kept: Outputs) -> None:
    kept.append(E17, ATTEMPT, b"secret")
    path = kept.path(E17, ATTEMPT)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    "name", ["", ".", "..", "../E1", "a/b", "/etc/passwd", "a.b", "-x", "a\0", "a\n", "é", "x" * 101]
)
def test_a_name_that_could_lead_elsewhere_is_refused(kept: Outputs, name: str) -> None:
    for request, attempt in ((name, ATTEMPT), (E17, name)):
        with pytest.raises(NoSuchOutput):
            kept.append(RequestId(request), attempt, b"")
    assert not kept.folder.exists()


def test_a_link_in_the_place_of_an_output_is_not_followed(kept: Outputs, tmp_path: Path) -> None:
    kept.append(E17, "E17-forward-1-2", b"")
    kept.path(E17, ATTEMPT).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(RecordUnavailable):
        kept.append(E17, ATTEMPT, b"printed")
    assert not (tmp_path / "elsewhere").exists()


def test_a_step_that_prints_without_end_is_cut_off(kept: Outputs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outputs, "LARGEST_BYTES", 10)
    kept.append(E17, ATTEMPT, b"x" * 10)
    with pytest.raises(OutputTooLong):
        kept.append(E17, ATTEMPT, b"x")
    assert kept.size(E17, ATTEMPT) == 10


def test_what_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(RecordUnavailable):
        Outputs(tmp_path / "file").append(E17, ATTEMPT, b"")
