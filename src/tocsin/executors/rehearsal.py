"""Carries out a step by saying what would be done: for trying a recipe, and for rehearsals."""

import hashlib
import shlex
from datetime import timedelta

from tocsin.domain.deployment import Fate
from tocsin.domain.plan import Step
from tocsin.service.ports import Outcome


class RehearsalExecutor:
    """Ends every step well, at once, having done nothing."""

    def __init__(self) -> None:
        """Begin with nothing carried out."""
        self.carried: dict[str, Outcome] = {}

    async def carry(self, attempt: str, step: Step) -> Outcome:
        """Say the argument list; the same attempt again gives the same outcome."""
        said = f"would run: {shlex.join(step.arguments)}"
        output = said.encode() + b"\n"
        hashed = hashlib.sha256(output).hexdigest()
        outcome = Outcome(Fate.ENDED, 0, timedelta(), hashed, len(output), said[:200])
        return self.carried.setdefault(attempt, outcome)

    async def kill(self, attempt: str) -> None:
        """There is never anything to end."""
