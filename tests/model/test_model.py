"""Every order of commands and outside facts in a small world, over the real rules.

The invariant: no step without a met quorum of distinct, verified people for exactly this.
"""

import pytest

from tests.model import faults
from tests.model.walk import walk

pytestmark = pytest.mark.model

MOST = 170_000
AT_LEAST = 100_000
FAULT_IS_FOUND_WITHIN = 60_000
GO = ("both: confirm", "bluest: confirm", "0:00:20 pass", "driver: go")


@pytest.mark.parametrize("after", [(), GO], ids=["from the cry for help on", "from go on"])
def test_no_step_starts_without_a_quorum_of_different_verified_people_for_exactly_this(after: tuple[str, ...]) -> None:
    walked = walk(MOST, after=after)
    print(f"\n{walked}")
    assert walked.broken == []
    assert walked.complete or walked.transitions >= AT_LEAST
    assert walked.steps_started > 30  # else the walk would show nothing


@pytest.mark.parametrize("fault", faults.ALL, ids=lambda fault: fault.__name__.replace("_", " "))
def test_a_fault_in_the_rules_is_found(fault: faults.Fault, monkeypatch: pytest.MonkeyPatch) -> None:
    fault(monkeypatch)
    walked = walk(FAULT_IS_FOUND_WITHIN, faults.ALL[fault])
    print(f"\n{walked}{''.join(f'; {story}' for story in walked.broken)}")
    assert walked.broken, f"nothing was found in {walked.transitions} transitions"
