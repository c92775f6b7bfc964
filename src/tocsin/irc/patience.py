"""How much of one person's talk is answered: enough for anybody in a hurry, too little for a flood."""

from collections import OrderedDict, deque
from datetime import datetime, timedelta
from enum import Enum

ANSWERS = 8
WITHIN = timedelta(seconds=10)
PEOPLE = 1000
"""As many are remembered; whoever is forgotten starts anew."""


class Left(Enum):
    """How much patience is left: enough, for one last sentence, or none."""

    ENOUGH = "enough"
    LAST = "last"
    NONE = "none"


class Patience:
    """Counts what each voice was answered lately: an account, or a nick without one."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self._answered: OrderedDict[str, deque[datetime]] = OrderedDict()

    def left(self, voice: str, now: datetime) -> Left:
        """Count one more line of a voice, and say what it is answered."""
        answered = self._answered.setdefault(voice, deque())
        self._answered.move_to_end(voice)
        if len(self._answered) > PEOPLE:
            self._answered.popitem(last=False)
        while answered and now - answered[0] > WITHIN:
            answered.popleft()
        if len(answered) > ANSWERS:
            return Left.NONE
        answered.append(now)
        return Left.LAST if len(answered) > ANSWERS else Left.ENOUGH
