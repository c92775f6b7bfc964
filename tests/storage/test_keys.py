"""The signing key is made once and read by nobody else."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key

from tocsin.domain.errors import RecordUnavailable
from tocsin.record.note import read_key
from tocsin.storage.keys import Signer, load_or_make_key


def test_a_key_is_made_at_the_first_start_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "record.key"
    made = load_or_make_key(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert load_or_make_key(path).private_bytes_raw() == made.private_bytes_raw()
    assert [each.name for each in tmp_path.iterdir()] == ["record.key"]


def test_every_record_has_a_key_of_its_own(tmp_path: Path) -> None:
    one, other = load_or_make_key(tmp_path / "one"), load_or_make_key(tmp_path / "other")
    assert one.private_bytes_raw() != other.private_bytes_raw()


def test_of_two_first_starts_both_use_the_same_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        keys = list(pool.map(lambda number: load_or_make_key(tmp_path / f"{number // 4}.key"), [0, 4, 8, 12] * 2))
    assert len({key.private_bytes_raw() for key in keys}) == 4


def test_the_public_half_can_be_shown(tmp_path: Path) -> None:
    signer = Signer("example.org/tocsin", load_or_make_key(tmp_path / "record.key"))
    assert read_key(signer.public.text) == signer.public


def test_a_key_that_others_can_read_is_refused_with_the_remedy(tmp_path: Path) -> None:
    path = tmp_path / "record.key"
    load_or_make_key(path)
    path.chmod(0o640)
    with pytest.raises(RecordUnavailable, match="chmod 600"):
        load_or_make_key(path)


@pytest.mark.parametrize("content", [b"", b"no key", b"\xff" * 50])
def test_a_file_that_holds_no_key_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "record.key"
    path.touch(mode=0o600)
    path.write_bytes(content)
    with pytest.raises(RecordUnavailable, match="no key that we can read"):
        load_or_make_key(path)
    assert path.read_bytes() == content


def test_a_key_of_another_kind_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "record.key"
    path.touch(mode=0o600)
    other = generate_private_key(SECP256R1())
    path.write_bytes(
        other.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    with pytest.raises(RecordUnavailable, match="another kind"):
        load_or_make_key(path)


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(RecordUnavailable, match="cannot be used"):
        load_or_make_key(tmp_path / "missing" / "record.key")
