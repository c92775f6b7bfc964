"""A change in a plain repository through a night: uploads on each other, patchsets that vanish, ways to write it."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import pytest

from tests.neighbours.repositories import Repository
from tocsin.domain.change import Change, ChangeStatus, Size, Verdict
from tocsin.domain.errors import Refused, Unreachable
from tocsin.domain.people import PersonId
from tocsin.neighbours.reviews.git import GitReviews
from tocsin.neighbours.reviews.git_naming import ReviewSettings
from tocsin.service.ports import Reviews

SITE = "https://reviews.example.org"
PEOPLE: Mapping[str, PersonId] = {"lin@example.org": PersonId("lin")}


class System(Protocol):
    """A real review system of one project, `website`, shown at `SITE`, and somebody who uploads to it."""

    reviews: Reviews

    def upload(self, number: int, patchset: int, subject: str = "Mend it", text: str = "two\nthree\n") -> str: ...

    def upload_on_top(self, number: int, subject: str) -> None: ...

    def merge_uploaded(self) -> None: ...

    def vanish(self, number: int, patchset: int) -> None: ...

    def go_away(self) -> None: ...


class GitSystem:
    """Changes in a plain git repository."""

    def __init__(self, folder: Path) -> None:
        self.repository = Repository(folder / "upstream")
        settings = ReviewSettings("website", str(self.repository.bare), ("main",), SITE, public=True)
        self.reviews: Reviews = GitReviews((settings,), folder / "copies", PEOPLE.get)

    def upload(self, number: int, patchset: int, subject: str = "Mend it", text: str = "two\nthree\n") -> str:
        return self.repository.upload(number, patchset, subject, text)

    def upload_on_top(self, number: int, subject: str) -> None:
        self.repository.upload_further(number, 1, subject, "four\n")

    def merge_uploaded(self) -> None:
        self.repository.push("refs/heads/main")

    def vanish(self, number: int, patchset: int) -> None:
        self.repository.delete(f"refs/changes/{number % 100:02d}/{number}/{patchset}")

    def go_away(self) -> None:
        self.repository.bare.rename(self.repository.bare.with_name("gone"))


@pytest.fixture(params=[GitSystem], ids=["git"])
def system(request: pytest.FixtureRequest, tmp_path: Path) -> System:
    made: System = request.param(tmp_path)
    return made


async def test_a_change_is_its_newest_patchset_with_all_that_is_known_of_it(system: System) -> None:
    system.upload(1234, 9)
    sha = system.upload(1234, 10, "Stop caching newly painted pages")
    assert await system.reviews.change("1234") == Change(
        number=1234,
        patchset=10,
        sha=sha,
        project="website",
        branch="main",
        subject="Stop caching newly painted pages",
        authors=frozenset({PersonId("lin")}),
        author_name="lin",
        size=Size(files=1, added=2, removed=1),
        public=Verdict.YES,
        url=f"{SITE}/1234",
    )


async def test_the_newest_patchset_is_told_whichever_was_named(system: System) -> None:
    system.upload(1234, 1)
    system.upload(1234, 2, text="better\n")
    assert (await system.reviews.change("1234/1")).label == "1234/2"


async def test_a_patchset_uploaded_meanwhile_is_noticed_by_asking_again(system: System) -> None:
    system.upload(1234, 1)
    before = await system.reviews.change("1234")
    sha = system.upload(1234, 2, text="better\n")
    after = await system.reviews.change("1234")
    assert (before.patchset, after.patchset, after.sha) == (1, 2, sha)
    assert not after.is_as_confirmed(before)


async def test_asking_again_gives_the_same_answer_while_nothing_happened(system: System) -> None:
    system.upload(1, 1, "Prepare")
    system.upload_on_top(2, "Mend")
    assert await system.reviews.change("2") == await system.reviews.change("2")


async def test_what_was_merged_since_says_so_and_is_still_what_was_confirmed(system: System) -> None:
    sha = system.upload(1234, 1)
    before = await system.reviews.change("1234")
    system.merge_uploaded()
    after = await system.reviews.change("1234")
    assert (before.status, before.merged_as) == (ChangeStatus.OPEN, "")
    assert (after.status, after.merged_as) == (ChangeStatus.MERGED, sha)
    assert after.is_as_confirmed(before)


async def test_what_else_would_go_live_with_it_is_named_until_it_is_merged(system: System) -> None:
    system.upload(1, 3, "Prepare")
    system.upload_on_top(2, "Mend")
    before = await system.reviews.change("2")
    system.merge_uploaded()
    after = await system.reviews.change("2")
    assert before.brings == ("1/3 Prepare",)
    assert after.brings == ()


@pytest.mark.parametrize(
    "named",
    [
        "1234",
        "1234/1",
        f"{SITE}/1234",
        f"{SITE}/1234/",
        f"{SITE}/c/website/+/1234",
        f"{SITE}/c/website/+/1234/1/src/page.py?tab=comments#17",
        f"{SITE}/#/c/1234/",
        "HTTP://Reviews.Example.Org/1234",
    ],
)
async def test_a_change_is_found_however_people_write_it(system: System, named: str) -> None:
    system.upload(1234, 1)
    assert (await system.reviews.change(named)).number == 1234


@pytest.mark.parametrize(
    "named",
    [
        "https://elsewhere.example.com/1234",
        "https://reviews.example.org.elsewhere.example.com/1234",
        "https://reviews.example.org@elsewhere.example.com/1234",
        f"{SITE}/c/another-project/+/1234",
        f"{SITE}/../1234",
        f"{SITE}/1234\n--upload-pack=date",
        "http://127.0.0.1:22/1234",
        "file:///etc/1234",
        "--upload-pack=date",
        "ext::sh -c date",
        "refs/heads/main",
        "I" + "8f3ac21" * 5 + "8f3ac",
        "1234\n5",
        "1234 5",
        "1234/x",
        "\u0661\u0662",
        "9" * 10,
        "9" * 5000,
        "-1",
        "0",
        "",
    ],
)
async def test_what_is_no_change_of_ours_is_refused_with_what_to_type_and_nobody_is_asked(
    system: System, named: str
) -> None:
    system.upload(1234, 1)
    system.go_away()
    with pytest.raises(Refused, match="such as 1234") as refused:
        await system.reviews.change(named)
    [sentence] = refused.value.reasons
    assert sentence.isprintable()
    assert len(sentence) < 200


async def test_a_change_that_is_not_there_is_refused_with_what_to_look_at(system: System) -> None:
    with pytest.raises(Refused, match="There is no change 99 in website: is its number right, is it uploaded"):
        await system.reviews.change("99")


async def test_a_patchset_that_vanishes_leaves_the_one_before_it_and_at_last_none(system: System) -> None:
    system.upload(1234, 1)
    system.upload(1234, 2, text="better\n")
    await system.reviews.change("1234")
    system.vanish(1234, 2)
    assert (await system.reviews.change("1234")).patchset == 1
    system.vanish(1234, 1)
    with pytest.raises(Refused, match="There is no change 1234"):
        await system.reviews.change("1234")


async def test_a_system_that_is_gone_is_unreachable_whatever_it_told_before(system: System) -> None:
    system.upload(1234, 1)
    await system.reviews.change("1234")
    system.go_away()
    with pytest.raises(Unreachable, match="the reviews of website"):
        await system.reviews.change("1234")


async def test_nothing_is_good_news_that_the_system_did_not_say(system: System) -> None:
    system.upload(7, 1)
    change = await system.reviews.change("7")
    assert replace(change, ci=Verdict.UNKNOWN, mergeable=Verdict.UNKNOWN) == change


async def test_many_questions_at_once_are_all_answered(system: System) -> None:
    for number in range(1, 6):
        system.upload(number, 1)
    found = await asyncio.gather(*(system.reviews.change(str(number)) for number in (*range(1, 6), 1)))
    assert [change.number for change in found] == [1, 2, 3, 4, 5, 1]
