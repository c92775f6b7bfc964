"""What every review system keeps to; the services and the rules rely on nothing else."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from tests.contracts.review_systems import LIN, Reviewed, System, sha_of, system
from tocsin.domain.change import ChangeStatus, Verdict
from tocsin.domain.errors import Refused, Unreachable

WITH_A_LIFE = ["gerrit", "github", "gitlab"]


@pytest.fixture(params=["git", *WITH_A_LIFE])
def around(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[System]:
    with system(request.param, tmp_path) as made:
        yield made


@pytest.fixture(params=WITH_A_LIFE)
def reviewed(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Reviewed]:
    with system(request.param, tmp_path) as made:
        yield cast(Reviewed, made)


async def test_an_open_change_is_told_with_its_patchset_its_author_and_where_people_see_it(around: System) -> None:
    sha = around.opens(12)
    told = await around.reviews.change("12")
    assert (told.number, told.patchset, told.sha, told.label) == (12, 1, sha, "12/1")
    assert (told.project, told.branch, told.status, told.merged_as) == (around.project, "main", ChangeStatus.OPEN, "")
    assert told.subject
    assert told.authors == {LIN}
    assert told.author_name
    assert told.size is not None
    assert told.brings == ()
    assert told.url.startswith(around.site)
    assert (await around.reviews.change(told.url)) == told


async def test_a_change_is_found_however_people_write_it(around: System) -> None:
    around.opens(12)
    for named in around.addresses(12):
        assert (await around.reviews.change(named)).number == 12, named


async def test_asking_again_gives_the_same_answer_while_nothing_happened(around: System) -> None:
    around.opens(12)
    assert await around.reviews.change("12") == await around.reviews.change("12")


async def test_a_patchset_uploaded_meanwhile_is_noticed_by_asking_again(around: System) -> None:
    around.opens(12)
    before = await around.reviews.change("12")
    sha = around.uploads(12)
    after = await around.reviews.change("12")
    assert (before.patchset, after.patchset, after.sha) == (1, 2, sha)
    assert not after.is_as_confirmed(before)


async def test_what_was_merged_as_it_is_says_so_and_is_still_what_was_confirmed(around: System) -> None:
    sha = around.opens(12)
    before = await around.reviews.change("12")
    around.merges(12)
    after = await around.reviews.change("12")
    assert (after.status, after.merged_as) == (ChangeStatus.MERGED, sha)
    assert after.is_as_confirmed(before)


async def test_what_was_merged_by_another_commit_names_it(reviewed: Reviewed) -> None:
    reviewed.opens(12)
    reviewed.merges_as(12, sha_of(12, 77))
    after = await reviewed.reviews.change("12")
    assert (after.status, after.merged_as) == (ChangeStatus.MERGED, sha_of(12, 77))


@pytest.mark.parametrize(
    ("turn", "status"),
    [
        ("drafts", ChangeStatus.WORK_IN_PROGRESS),
        ("abandons", ChangeStatus.ABANDONED),
        ("rejects", ChangeStatus.BLOCKED),
    ],
)
async def test_a_change_that_is_not_to_go_says_so(reviewed: Reviewed, turn: str, status: ChangeStatus) -> None:
    reviewed.opens(12)
    getattr(reviewed, turn)(12)
    assert (await reviewed.reviews.change("12")).status is status


async def test_what_it_stands_on_goes_live_with_it(reviewed: Reviewed) -> None:
    reviewed.opens(11)
    reviewed.stacks(12, on=11)
    [below] = (await reviewed.reviews.change("12")).brings
    assert "11" in below


async def test_what_the_public_may_read_is_public(around: System) -> None:
    around.opens(12)
    assert (await around.reviews.change("12")).public is Verdict.YES


async def test_what_only_we_may_read_is_not_public(around: System) -> None:
    around.opens(12)
    around.hides()
    assert (await around.reviews.change("12")).public is not Verdict.YES


async def test_a_change_that_is_not_there_is_refused(around: System) -> None:
    around.opens(12)
    with pytest.raises(Refused, match=r"There is no .*\b99\b"):
        await around.reviews.change("99")


@pytest.mark.parametrize(
    "named",
    [
        "https://elsewhere.example.com/12",
        "{site}.elsewhere.example.com/12",
        "{site}@elsewhere.example.com/12",
        "{site}/../12",
        "{site}/12\n--upload-pack=date",
        "http://127.0.0.1:22/12",
        "file:///etc/12",
        "--upload-pack=date",
        "ext::sh -c date",
        "refs/heads/main",
        "T1234",
        "12\n5",
        "12 5",
        "12/x",
        "\u0661\u0662",
        "9" * 10,
        "9" * 5000,
        "-1",
        "0",
        "",
    ],
)
async def test_what_is_no_change_of_ours_is_refused_with_what_to_type_and_nobody_is_asked(
    around: System, named: str
) -> None:
    around.opens(12)
    around.goes_away()
    with pytest.raises(Refused, match=r"is no change of .*: say .*such as .*12") as refused:
        await around.reviews.change(named.format(site=around.site))
    [sentence] = refused.value.reasons
    assert sentence.isprintable()
    assert len(sentence) < 300


async def test_a_system_that_is_gone_is_unreachable_whatever_it_told_before(around: System) -> None:
    around.opens(12)
    await around.reviews.change("12")
    around.goes_away()
    with pytest.raises(Unreachable):
        await around.reviews.change("12")


async def test_many_questions_at_once_are_all_answered(around: System) -> None:
    for number in range(1, 6):
        around.opens(number)
    found = await asyncio.gather(*(around.reviews.change(str(number)) for number in (*range(1, 6), 1)))
    assert [change.number for change in found] == [1, 2, 3, 4, 5, 1]
