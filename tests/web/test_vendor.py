"""Files of others are as they came: each is named with its licence and hash, and none has changed."""

import re
from hashlib import sha256
from pathlib import Path

VENDOR = Path(__file__).parents[2] / "src/tocsin/web/static/vendor"
ROW = re.compile(r"^\| `([^`]+)` \|.*\| `([0-9a-f]{64})` \|$", re.MULTILINE)


def test_each_file_is_named_and_has_the_hash_that_is_written_down() -> None:
    written = dict(ROW.findall((VENDOR / "README.md").read_text()))
    there = {path.name: sha256(path.read_bytes()).hexdigest() for path in VENDOR.iterdir() if path.name != "README.md"}
    assert written == there
