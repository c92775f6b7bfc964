"""What is wrong in the configuration, gathered from all files before anybody is told; finding it is left to others."""

from collections.abc import Iterable
from dataclasses import dataclass

from tocsin.domain.errors import TocsinError


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing to mend: the file as seen from the folder, its line, and a sentence that says what to do."""

    file: str
    line: int
    sentence: str

    @property
    def text(self) -> str:
        """Return it as one line, in the form that editors jump to."""
        return f"{self.file}:{self.line}: {self.sentence}"


class Misconfigured(TocsinError):
    """The configuration cannot be used; every problem of every file, in the order of files and lines."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Sort the problems and drop those said twice."""
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(problem.text for problem in self.problems))


class Report:
    """What was found so far; only an error keeps the configuration from being used."""

    def __init__(self) -> None:
        self._errors: list[Problem] = []
        self._warnings: list[Problem] = []

    def error(self, file: str, line: int, sentence: str) -> None:
        """Add what must be mended before anything starts."""
        self._errors.append(Problem(file, line, sentence))

    def warn(self, file: str, line: int, sentence: str) -> None:
        """Add what works but deserves a look."""
        self._warnings.append(Problem(file, line, sentence))

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """Return the warnings, sorted as the problems are."""
        return tuple(sorted(set(self._warnings)))

    @property
    def clean(self) -> bool:
        """Say whether nothing was wrong so far."""
        return not self._errors

    def raise_if_wrong(self) -> None:
        """Raise `Misconfigured` with everything found, if there is anything."""
        if self._errors:
            raise Misconfigured(self._errors)
