"""What the rules are told of changes on a real Gerrit, at every turn that a change can take in a night."""

from itertools import count
from pathlib import Path

import pytest

from tests.gerrit.checkout import Checkout, Uploaded
from tests.gerrit.server import ADMIN, Account, Gerrit
from tocsin.domain.change import Change, ChangeStatus, Size, Verdict
from tocsin.domain.errors import Refused
from tocsin.domain.people import PersonId
from tocsin.neighbours.asking.web import SignIn
from tocsin.neighbours.reviews.gerrit import GerritReviews, GerritSettings

pytest_plugins = ["tests.gerrit.fixture"]
pytestmark = pytest.mark.gerrit

numbers = count(1)
SECONDS = 30.0
"""A busy machine starts a Java thread slowly; how long people wait is tested elsewhere."""


def nobody(_: str) -> PersonId | None:
    """Know nobody by their address."""
    return None


@pytest.fixture
def reviews(gerrit: Gerrit, ada: Account) -> GerritReviews:
    return GerritReviews(GerritSettings(gerrit.url), {ada.email: PersonId("ada")}.get, SECONDS)


async def test_a_change_is_told_with_all_that_gerrit_knows(
    gerrit: Gerrit, reviews: GerritReviews, project: str, uploaded: Uploaded
) -> None:
    gerrit.vote(uploaded.number, ADMIN, Verified=2)
    assert await reviews.change(str(uploaded.number)) == Change(
        number=uploaded.number,
        patchset=1,
        sha=uploaded.sha,
        project=project,
        branch="main",
        subject="Mend the page",
        authors=frozenset({PersonId("ada")}),
        author_name="Ada",
        ci=Verdict.YES,
        mergeable=Verdict.YES,
        size=Size(files=1, added=2, removed=0),
        public=Verdict.YES,
        url=f"{gerrit.url}/c/{project}/+/{uploaded.number}",
    )


async def test_it_is_found_by_every_way_to_name_it(
    gerrit: Gerrit, reviews: GerritReviews, project: str, uploaded: Uploaded
) -> None:
    number = uploaded.number
    for named in (
        f"{number}/1",
        f"{gerrit.url}/c/{project}/+/{number}/1",
        f"{gerrit.url}/{number}",
        uploaded.change_id,
    ):
        assert (await reviews.change(named)).sha == uploaded.sha


async def test_a_second_patchset_is_seen_and_is_not_what_was_confirmed(
    reviews: GerritReviews, clone: Checkout, uploaded: Uploaded
) -> None:
    confirmed = await reviews.change(str(uploaded.number))
    again = clone.upload_again(uploaded, {"page": "one\nthree\n"})
    now = await reviews.change(str(uploaded.number))
    assert (now.patchset, now.sha) == (2, again.sha)
    assert not now.is_as_confirmed(confirmed)


async def test_abandoned_and_work_in_progress_and_a_veto_are_told(
    gerrit: Gerrit, reviews: GerritReviews, uploaded: Uploaded
) -> None:
    named = str(uploaded.number)
    gerrit.set_work_in_progress(uploaded.number)
    assert (await reviews.change(named)).status is ChangeStatus.WORK_IN_PROGRESS
    gerrit.set_ready(uploaded.number)
    gerrit.vote(uploaded.number, ADMIN, Code_Review=-2)
    assert (await reviews.change(named)).status is ChangeStatus.BLOCKED
    gerrit.abandon(uploaded.number)
    assert (await reviews.change(named)).status is ChangeStatus.ABANDONED


async def test_merged_elsewhere_it_is_still_what_was_confirmed(
    gerrit: Gerrit, reviews: GerritReviews, uploaded: Uploaded
) -> None:
    confirmed = await reviews.change(str(uploaded.number))
    gerrit.approve(uploaded.number)
    gerrit.submit(uploaded.number)
    merged = await reviews.change(str(uploaded.number))
    assert (merged.status, merged.merged_as) == (ChangeStatus.MERGED, uploaded.sha)
    assert merged.is_as_confirmed(confirmed)
    reverting = await reviews.change(str(gerrit.revert(uploaded.number)))
    assert (reverting.status, reverting.subject) == (ChangeStatus.OPEN, 'Revert "Mend the page"')


async def test_merged_as_another_commit_it_is_not_what_was_confirmed(
    gerrit: Gerrit, reviews: GerritReviews, ada: Account, tmp_path: Path
) -> None:
    name = f"operations/picked-{next(numbers)}"
    gerrit.add_project(name, submit_type="CHERRY_PICK")
    one = Checkout(gerrit, name, ada, tmp_path / "picked").upload("Mend it", {"page": "one\n"})
    confirmed = await reviews.change(str(one.number))
    gerrit.approve(one.number)
    gerrit.submit(one.number)
    merged = await reviews.change(str(one.number))
    assert merged.status is ChangeStatus.MERGED
    assert not merged.is_as_confirmed(confirmed)


async def test_what_it_stands_on_goes_live_with_it(reviews: GerritReviews, clone: Checkout, uploaded: Uploaded) -> None:
    above = clone.upload("More of it", {"other": "three\n"})
    assert (await reviews.change(str(above.number))).brings == (f"{uploaded.number}/1",)
    assert (await reviews.change(str(uploaded.number))).brings == ()


async def test_a_private_project_is_read_only_by_who_may_and_known_as_private(
    gerrit: Gerrit, reviews: GerritReviews, tmp_path: Path
) -> None:
    name = f"security/hidden-{next(numbers)}"
    gerrit.add_private_project(name)
    hidden = Checkout(gerrit, name, ADMIN, tmp_path / "hidden").upload("Close the hole", {"hole": "closed\n"})
    with pytest.raises(Refused, match=f"There is no change {hidden.number} on .* that tocsin may read"):
        await reviews.change(str(hidden.number))
    known = GerritSettings(gerrit.url, SignIn(ADMIN.login, ADMIN.password))
    told = await GerritReviews(known, nobody, SECONDS).change(str(hidden.number))
    assert (told.sha, told.public) == (hidden.sha, Verdict.NO)


async def test_a_change_that_is_not_there_is_refused(reviews: GerritReviews) -> None:
    with pytest.raises(Refused, match="There is no change 999999 on"):
        await reviews.change("999999")
