"""What people hear on IRC who name no change, the wrong one, or too many: through real grammar and review systems."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from tests.contracts.review_systems import GerritSystem, GithubSystem, GitlabSystem, sha_of
from tests.irc.night_shift import NightShift, to
from tests.neighbours.sites import site
from tocsin.domain.change import ChangeStatus
from tocsin.domain.situation import Catalogue
from tocsin.neighbours.reviews.several import SeveralReviews
from tocsin.neighbours.tasks.links import TaskLinks, TaskSettings
from tocsin.service.ports import Reviews
from tocsin.service.situating import Configuration

OPS = "#ops"


class Installation(NightShift):
    """An office that asks a Gerrit, a GitHub and a GitLab, and takes the changes of each."""

    def __init__(self, gerrit: GerritSystem, github: GithubSystem, gitlab: GitlabSystem) -> None:
        super().__init__()
        self.gerrit, self.github, self.gitlab = gerrit, github, gitlab
        known = self.configuration
        sources = tuple((each.project, "*") for each in (gerrit, github, gitlab))
        first, *others = known.catalogue.targets
        taking = (replace(first, sources=(*first.sources, *sources)), *others)
        self.configuration = Configuration(known.directory, Catalogue(taking))
        self.situations.configuration = self.configuration
        self.asks(SeveralReviews((gerrit.reviews, github.reviews, gitlab.reviews)))

    def asks(self, reviews: Reviews) -> None:
        tasks = TaskLinks(TaskSettings(public=True))
        self.situations.neighbours = replace(self.situations.neighbours, reviews=reviews, tasks=tasks)

    async def hears_of(self, text: str) -> str:
        """Let ada say a line that opens nothing, and return what she is answered."""
        before = len(self.requests.all())
        [said] = to(OPS, await self.says("ada", text))
        assert len(self.requests.all()) == before
        return said


@pytest.fixture
def shift(tmp_path: Path) -> Iterator[Installation]:
    with ExitStack() as stack:
        sites = [stack.enter_context(site()) for _ in range(3)]
        yield Installation(GerritSystem(sites[0]), GithubSystem(sites[1]), GitlabSystem(sites[2]))


async def test_an_address_of_another_host_is_answered_with_the_sites_that_are_asked(shift: Installation) -> None:
    said = await shift.hears_of("!emergency https://git.elsewhere.example.com/1234 T99 data -- pages are corrupted")
    assert "https://git.elsewhere.example.com/1234 is no change of " in said
    for each in (shift.gerrit.site, f"{shift.github.site}/example/website", f"{shift.gitlab.site}/example/tools"):
        assert each in said
    assert shift.gerrit.served.asked == []


async def test_a_change_of_another_repository_there_is_answered_with_those_that_are_asked(shift: Installation) -> None:
    said = await shift.hears_of(f"!emergency {shift.github.site}/example/secret/pull/12 data")
    assert "example/secret is no project that tocsin may ask for: it knows those of" in said
    assert f"{shift.github.site}/example/website" in said
    assert shift.github.served.asked == []


async def test_the_task_alone_is_answered_with_a_line_to_complete(shift: Installation) -> None:
    said = await shift.hears_of("!emergency T4321 data -- pages are corrupted")
    assert "T4321 is a task. For which change? Say e.g.  !emergency 1234 T4321" in said


async def test_the_number_of_the_task_in_place_of_the_change_is_told_from_it(shift: Installation) -> None:
    said = await shift.hears_of("!emergency 4321 T4321 data -- pages are corrupted")
    assert "T4321 is a task: say the change too, e.g.  !emergency 1234 T4321." in said


async def test_a_number_that_no_system_knows_may_be_the_task(shift: Installation) -> None:
    shift.gerrit.opens(12)
    said = await shift.hears_of("!emergency 4321 data -- pages are corrupted")
    assert "If 4321 is the task T4321: say the change too" in said
    assert "There is no change 4321" in said


async def test_where_the_task_was_said_a_wrong_number_is_just_that(shift: Installation) -> None:
    shift.gerrit.opens(12)
    said = await shift.hears_of("!emergency 4321 T99 data -- pages are corrupted")
    assert "There is no change 4321" in said
    assert "task" not in said


async def test_ten_changes_in_one_line_are_answered_with_what_to_do(shift: Installation) -> None:
    said = await shift.hears_of(f"!emergency {' '.join(str(n) for n in range(1234, 1244))} T99 data -- why")
    assert "That names 10 changes, and a request is for one: ask for each by itself, or put one on top" in said


async def test_an_abandoned_change_is_refused_at_once(shift: Installation) -> None:
    shift.github.opens(12)
    shift.github.abandons(12)
    said = await shift.hears_of(f"!emergency {shift.github.project}#12 T99 data -- pages are corrupted")
    assert "12 is abandoned: restore it first, or ask for the change in its place." in said


async def test_one_number_in_two_projects_is_two_requests(shift: Installation) -> None:
    shift.github.opens(12)
    shift.gitlab.opens(12)
    await shift.says("ada", f"!emergency {shift.github.project}#12 T99 data -- pages are corrupted")
    await shift.says("lin", f"!emergency {shift.gitlab.project}!12 T98 data -- they are corrupted there too")
    projects = [each.facts.change.project for each in shift.requests.all() if each.facts.change]
    assert projects == [shift.github.project, shift.gitlab.project]


async def test_one_number_that_two_systems_know_is_asked_about(shift: Installation) -> None:
    shift.github.opens(12)
    shift.gitlab.opens(12)
    said = await shift.hears_of("!emergency 12 T99 data -- pages are corrupted")
    assert "say its whole address" in said


async def test_a_change_merged_as_something_else_than_confirmed_is_not_started_and_is_confirmed_anew(
    shift: Installation,
) -> None:
    shift.github.opens(12)
    named = f"{shift.github.project}#12"
    word = await shift.asked(named)
    for person in ("bo-sre", "kim-releng"):
        await shift.says(person, f"!confirm E1 {word}")
    shift.later(16)
    await shift.says("kim-releng", "!take E1")
    shift.github.merges_as(12, sha_of(12, 77))
    [said] = to(OPS, await shift.says("kim-releng", "!go E1"))
    assert f"12 was merged as {sha_of(12, 77)[:7]}, which was not what was confirmed." in said
    await shift.learns()
    proposal = shift.request().proposal
    assert proposal is not None and proposal.change is not None
    assert (proposal.change.status, proposal.change.merged_as) == (ChangeStatus.MERGED, sha_of(12, 77))
    assert proposal.check_word != word
    assert shift.request().confirmations == ()


async def test_a_change_that_somebody_stopped_meanwhile_is_not_started(shift: Installation) -> None:
    shift.github.opens(12)
    word = await shift.asked(f"{shift.github.project}#12")
    for person in ("bo-sre", "kim-releng"):
        await shift.says(person, f"!confirm E1 {word}")
    shift.later(16)
    shift.github.rejects(12)
    [said] = to(OPS, await shift.says("kim-releng", "!go E1"))
    assert "12 is blocked now." in said
