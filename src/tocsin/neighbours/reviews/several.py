"""Several review systems as one: whichever knows what was typed answers; where two do, people say which."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from tocsin.domain.change import Change
from tocsin.domain.errors import Refused, Unreachable
from tocsin.neighbours.reviews.elsewhere import Elsewhere, nowhere
from tocsin.service.ports import Reviews


@dataclass(frozen=True, slots=True)
class SeveralReviews:
    """Asks all of them side by side."""

    systems: Sequence[Reviews]

    async def change(self, named: str) -> Change:
        """Return the one change that is meant; raises `Unreachable` or `Refused`."""
        answers = await asyncio.gather(*(_answer(each, named) for each in self.systems))
        found = [each for each in answers if isinstance(each, Change)]
        if len(found) == 1:
            return found[0]
        if found:
            places = " and ".join(each.url or each.project for each in found)
            raise Refused([f"There is a change {named} in {places}: say its whole address."])
        if silent := next((each for each in answers if isinstance(each, Unreachable)), None):
            raise silent
        raise _refused([each for each in answers if isinstance(each, Refused)])


def _refused(answers: Sequence[Refused]) -> Refused:
    """Whoever has looked for it knows best; where none of them had to look, all are named."""
    looked = [each for each in answers if not isinstance(each, Elsewhere)]
    if not looked:
        return nowhere([each for each in answers if isinstance(each, Elsewhere)])
    return Refused(dict.fromkeys(reason for each in looked for reason in each.reasons))


async def _answer(reviews: Reviews, named: str) -> Change | Refused | Unreachable:
    """One system that is silent or knows no such change does not keep the others from answering."""
    try:
        return await reviews.change(named)
    except (Refused, Unreachable) as none:
        return none
