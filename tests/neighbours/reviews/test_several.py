"""Several review systems at once: one answers for all, and what none of them knows is said by each."""

from dataclasses import dataclass, replace

import pytest

from tests.domain.night import CHANGE
from tocsin.domain.change import Change
from tocsin.domain.errors import Refused, Unreachable
from tocsin.neighbours.reviews.several import SeveralReviews


@dataclass(frozen=True, slots=True)
class Fixed:
    """A review system with one thing to say."""

    says: Change | Refused | Unreachable

    async def change(self, named: str) -> Change:
        if isinstance(self.says, Change):
            return self.says
        raise self.says


NO = Fixed(Refused(["1234 is no change here."]))
SILENT = Fixed(Unreachable("gerrit.example.org", "no answer within 5 s"))


@pytest.mark.parametrize("others", [(NO,), (SILENT,), (NO, SILENT)])
async def test_the_one_that_knows_it_answers_whatever_the_others_do(others: tuple[Fixed, ...]) -> None:
    assert await SeveralReviews((*others, Fixed(CHANGE))).change("1234") == CHANGE


async def test_two_that_know_it_are_told_apart_by_people() -> None:
    other = replace(CHANGE, project="website", url="https://gerrit.example.org/c/website/+/1234")
    with pytest.raises(Refused, match=r"in config and https://gerrit.example.org/c/website/\+/1234: say its whole"):
        await SeveralReviews((Fixed(CHANGE), Fixed(other))).change("1234")


async def test_one_that_is_silent_may_know_it() -> None:
    with pytest.raises(Unreachable, match="no answer within 5 s"):
        await SeveralReviews((NO, SILENT)).change("1234")


async def test_what_nobody_knows_is_refused_once() -> None:
    with pytest.raises(Refused) as refused:
        await SeveralReviews((NO, NO)).change("1234")
    assert refused.value.reasons == ("1234 is no change here.",)
