"""A sound configuration in a folder of its own, to be spoilt in one place by each test."""

from pathlib import Path

import pytest

from tocsin.config.loading import Loaded, load
from tocsin.config.problems import Misconfigured
from tocsin.config.starter import Answers, write_starter


class Folder:
    """The starter's files, which load without a fault until something is changed in them."""

    def __init__(self, path: Path) -> None:
        self.path = path
        write_starter(path, Answers(password="not-a-secret"))

    def change(self, file: str, old: str, new: str) -> None:
        """Put other words in the place of some that stand there exactly once."""
        text = (self.path / file).read_text()
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
        self.write(file, text.replace(old, new))

    def add(self, file: str, text: str) -> int:
        """Write at the end of a file, and return the number of the first new line."""
        before = (self.path / file).read_text()
        self.write(file, f"{before}{text}")
        return before.count("\n") + 1

    def write(self, file: str, text: str | bytes) -> None:
        """Write a whole file."""
        (self.path / file).write_bytes(text if isinstance(text, bytes) else text.encode())

    def line(self, file: str, words: str) -> int:
        """Return the line of the first of these words."""
        return (self.path / file).read_text().partition(words)[0].count("\n") + 1

    def load(self) -> Loaded:
        """Read it all."""
        return load(self.path)

    def problems(self) -> list[str]:
        """Return every problem as its one line."""
        with pytest.raises(Misconfigured) as caught:
            self.load()
        return [problem.text for problem in caught.value.problems]

    def warnings(self) -> list[str]:
        """Return every warning as its one line, but for those on accounts that are not pinned."""
        return [each.text for each in self.load().warnings if "not pinned" not in each.sentence]
