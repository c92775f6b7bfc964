"""A GitHub that answers as documented: what it leaves out is unknown, and whose commits a change has is known."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.neighbours.github_site import MERGE, OTHER, PROJECT, SHA, GithubSite, commit, pull, review, run
from tests.neighbours.sites import Answer, Site, site
from tocsin.domain.change import Change, ChangeStatus, Size, Verdict
from tocsin.domain.errors import Refused, Unreachable
from tocsin.domain.people import PersonId
from tocsin.neighbours.reviews.github import MOST_BELOW, GithubReviews, GithubSettings

PEOPLE = {"lin@example.org": PersonId("lin"), "ada-codes": PersonId("ada"), "bo": PersonId("bo")}


@pytest.fixture
def served() -> Iterator[Site]:
    with site() as served:
        yield served


@pytest.fixture
def github(served: Site) -> GithubSite:
    laid = GithubSite(served)
    laid.shows(pull())
    return laid


def reviews(served: Site, token: str = "", checks: tuple[str, ...] = ()) -> GithubReviews:
    return GithubReviews(GithubSettings(served.address, served.address, (PROJECT,), token, checks), PEOPLE.get)


async def asked(github: GithubSite, token: str = "", checks: tuple[str, ...] = ()) -> Change:
    return await reviews(github.served, token, checks).change("12")


# --- what it tells ----------------------------------------------------------------------------------------------------


async def test_a_pull_request_is_told_with_all_that_is_known(github: GithubSite) -> None:
    assert await asked(github) == Change(
        number=12,
        patchset=1,
        sha=SHA,
        project=PROJECT,
        branch="main",
        subject="Stop caching newly painted pages",
        authors=frozenset({PersonId("lin")}),
        author_name="lin-paints",
        ci=Verdict.YES,
        mergeable=Verdict.YES,
        size=Size(files=1, added=2, removed=1),
        public=Verdict.YES,
        url=f"{github.served.address}/{PROJECT}/pull/12",
    )


@pytest.mark.parametrize(
    ("other", "status", "merged_as"),
    [
        ({"draft": True}, ChangeStatus.WORK_IN_PROGRESS, ""),
        ({"state": "closed"}, ChangeStatus.ABANDONED, ""),
        ({"state": "closed", "merged": True, "merged_at": "2026-11-20T02:14:07Z"}, ChangeStatus.MERGED, MERGE),
        ({"mergeable_state": "blocked"}, ChangeStatus.OPEN, ""),
    ],
)
async def test_how_it_stands_is_told(
    github: GithubSite, other: dict[str, Any], status: ChangeStatus, merged_as: str
) -> None:
    github.shows(pull(**other))
    told = await asked(github)
    assert (told.status, told.merged_as) == (status, merged_as)


@pytest.mark.parametrize(("said", "verdict"), [(True, Verdict.YES), (False, Verdict.NO), (None, Verdict.UNKNOWN)])
async def test_whether_it_merges_is_unknown_while_github_works_it_out(
    github: GithubSite, said: bool | None, verdict: Verdict
) -> None:
    github.shows(pull(mergeable=said))
    assert (await asked(github)).mergeable is verdict


async def test_a_push_is_told_by_the_sha_and_where_commits_were_added_by_the_patchset(github: GithubSite) -> None:
    before = await asked(github)
    github.shows(pull(commits=2, head={**pull()["head"], "sha": OTHER}), commit(), commit(sha=OTHER))
    after = await asked(github)
    assert (after.patchset, after.sha) == (2, OTHER)
    assert not after.is_as_confirmed(before)


async def test_without_lines_counted_its_size_is_unknown(github: GithubSite) -> None:
    github.shows(pull(additions=None))
    assert (await asked(github)).size is None


# --- reviews ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ([review("bo", "CHANGES_REQUESTED")], ChangeStatus.BLOCKED),
        ([review("bo", "CHANGES_REQUESTED"), review("bo", "COMMENTED")], ChangeStatus.BLOCKED),
        ([review("bo", "CHANGES_REQUESTED"), review("bo", "APPROVED")], ChangeStatus.OPEN),
        ([review("bo", "CHANGES_REQUESTED"), review("kim", "APPROVED")], ChangeStatus.BLOCKED),
        ([review("bo", "DISMISSED")], ChangeStatus.OPEN),
        ([review("stranger", "CHANGES_REQUESTED", "NONE")], ChangeStatus.OPEN),
        ([review("stranger", "CHANGES_REQUESTED", "CONTRIBUTOR")], ChangeStatus.OPEN),
    ],
)
async def test_it_is_blocked_while_somebody_of_the_repository_asks_for_changes(
    github: GithubSite, said: list[dict[str, Any]], status: ChangeStatus
) -> None:
    github.reviewed(12, *said)
    assert (await asked(github)).status is status


async def test_a_draft_stays_one_whatever_reviewers_say(github: GithubSite) -> None:
    github.shows(pull(draft=True))
    github.reviewed(12, review("bo", "CHANGES_REQUESTED"))
    assert (await asked(github)).status is ChangeStatus.WORK_IN_PROGRESS


async def test_the_last_word_counts_on_whichever_page_it_stands(github: GithubSite) -> None:
    github.reviewed(12, *[review("bo", "CHANGES_REQUESTED")] * 100)
    github.served.says(f"/repos/{PROJECT}/pulls/12/reviews?per_page=100&page=2", [review("bo", "APPROVED")], b"")
    assert (await asked(github)).status is ChangeStatus.OPEN


# --- CI ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("runs", "verdict"),
    [
        ([run("tests"), run("style", "skipped"), run("docs", "neutral")], Verdict.YES),
        ([run("tests"), run("style", None)], Verdict.UNKNOWN),
        ([run("tests", "failure"), run("style", None)], Verdict.NO),
        ([run("tests", "timed_out")], Verdict.NO),
        ([run("tests", "cancelled")], Verdict.NO),
        ([], Verdict.UNKNOWN),
    ],
)
async def test_ci_is_all_its_checks(github: GithubSite, runs: list[dict[str, Any]], verdict: Verdict) -> None:
    github.checked(SHA, *runs)
    assert (await asked(github)).ci is verdict


@pytest.mark.parametrize(
    ("state", "verdict"), [("success", Verdict.YES), ("failure", Verdict.NO), ("error", Verdict.NO)]
)
async def test_statuses_count_beside_checks(github: GithubSite, state: str, verdict: Verdict) -> None:
    github.has_statuses(SHA, ci_build=state)
    assert (await asked(github)).ci is verdict


@pytest.mark.parametrize(
    ("names", "verdict"),
    [
        (("tests",), Verdict.YES),
        (("tests", "ci/build"), Verdict.YES),
        (("tests", "deploy-preview"), Verdict.NO),
        (("tests", "not-reported-yet"), Verdict.UNKNOWN),
    ],
)
async def test_where_checks_are_named_those_are_ci(
    github: GithubSite, names: tuple[str, ...], verdict: Verdict
) -> None:
    github.checked(SHA, run("tests"), run("deploy-preview", "failure"), run("slow", None))
    github.has_statuses(SHA, ci_build="success")
    assert (await asked(github, checks=names)).ci is verdict


@pytest.mark.parametrize("hidden", ["check-runs", "status"])
async def test_what_ci_is_not_shown_may_have_failed(github: GithubSite, hidden: str) -> None:
    github.has_statuses(SHA, ci_build="success")
    del github.served.answers[f"/repos/{PROJECT}/commits/{SHA}/{hidden}"]
    assert (await asked(github)).ci is Verdict.UNKNOWN


async def test_more_checks_than_were_read_may_have_failed(github: GithubSite) -> None:
    github.checked(SHA, run("tests"), total=101)
    assert (await asked(github)).ci is Verdict.UNKNOWN


# --- whose it is, and what else goes live -----------------------------------------------------------------------------


async def test_everybody_who_wrote_any_of_it_is_an_author(github: GithubSite) -> None:
    trailer = "Mend it\n\nCo-authored-by: Bo <17+bo@users.noreply.github.com>\n"
    github.shows(pull(commits=3), commit(), commit("Ada", "ada-codes"), commit("Zoe", None, trailer))
    told = await asked(github)
    assert told.authors == {PersonId("lin"), PersonId("ada"), PersonId("bo")}
    assert told.brings == ("1 commit by ada-codes", "1 commit by Zoe")


async def test_one_whose_account_was_deleted_is_known_by_commits(github: GithubSite) -> None:
    github.shows(pull(user=None), commit(login=None))
    told = await asked(github)
    assert told.authors == {PersonId("lin")}
    assert told.author_name == ""


async def test_what_it_depends_on_is_told_once(github: GithubSite) -> None:
    address = "https://github.com/example/api/pull/7"
    github.shows(pull(body=f"Depends-On: {address}\r\nand more"), commit(message=f"Mend\n\nDepends-On: {address}\n"))
    assert (await asked(github)).brings == (address,)


async def test_pull_requests_that_it_stands_on_are_told_down_to_the_default_branch(github: GithubSite) -> None:
    def of(number: int, branch: str, base: str) -> dict[str, Any]:
        places = {"head": {**pull()["head"], "ref": branch}, "base": {**pull()["base"], "ref": base}}
        return pull(number, title=f"Part {number}", **places)

    github.shows(of(12, "third", "second"))
    elsewhere = of(40, "second", "main")
    elsewhere["head"]["repo"] = {"full_name": "stranger/website"}
    github.stands_on("second", elsewhere, of(11, "second", "first"))
    github.stands_on("first", of(10, "first", "main"))
    told = await asked(github)
    assert told.branch == "second"
    assert told.brings == (f"#11 {SHA[:10]} Part 11", f"#10 {SHA[:10]} Part 10")


async def test_no_more_are_asked_for_than_people_would_wait_for(github: GithubSite) -> None:
    circle = {**pull()["base"], "ref": "stop-caching"}
    github.shows(pull(base=circle))
    github.stands_on("stop-caching", pull(13, base=circle))
    assert len((await asked(github)).brings) == MOST_BELOW


async def test_commits_beyond_what_github_lists_are_told(github: GithubSite) -> None:
    github.shows(pull(commits=300))
    assert (await asked(github)).brings == ("299 more commits, whose authors are not known",)


async def test_of_what_is_over_nothing_else_goes_live(github: GithubSite) -> None:
    github.shows(pull(state="closed", body="Depends-On: 7"), commit("Ada", "ada-codes"))
    told = await asked(github)
    assert told.brings == ()
    assert told.authors == {PersonId("ada")}
    assert not any("reviews" in path for path in github.served.asked)


# --- what it must not do ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("missing", ["commits", "reviews"])
async def test_without_knowing_whose_it_is_or_who_objects_there_is_no_answer(github: GithubSite, missing: str) -> None:
    github.served.answers[f"/repos/{PROJECT}/pulls/12/{missing}"] = Answer(b"{}", 404)
    with pytest.raises(Unreachable, match="it does not tell who"):
        await asked(github)


@pytest.mark.parametrize(
    "other",
    [
        {"number": 13},
        {"state": "sleeping"},
        {"head": {"sha": "../../secrets", "ref": "x"}},
        {"head": None},
        {"base": {"ref": "main", "repo": {"full_name": "example/another"}}},
        {"commits": None},
        {"merged": True, "merge_commit_sha": None},
    ],
)
async def test_another_shape_is_no_answer(github: GithubSite, other: dict[str, Any]) -> None:
    github.served.says(f"/repos/{PROJECT}/pulls/12", pull(**other), b"")
    with pytest.raises(Unreachable, match="in a shape that we do not know"):
        await asked(github)


async def test_one_that_is_not_shown_is_refused(github: GithubSite) -> None:
    with pytest.raises(Refused, match=r"There is no pull request example/website#99 on .* that tocsin may read"):
        await reviews(github.served).change("99")


async def test_what_did_not_change_is_not_sent_again(github: GithubSite) -> None:
    for path, answer in github.served.answers.items():
        github.served.answers[path] = type(answer)(answer.body, headers=(("ETag", f'W/"{hash(path)}"'),))
    asking = reviews(github.served)
    assert await asking.change("12") == await asking.change("12")
    assert github.served.unchanged == len(github.served.asked) / 2


def test_a_token_shows_nowhere() -> None:
    asking = GithubReviews(
        GithubSettings("https://github.com", "https://api.github.com", (PROJECT,), "t0k3n"), PEOPLE.get
    )
    assert "t0k3n" not in repr(asking)
