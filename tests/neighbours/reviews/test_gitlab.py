"""A GitLab that answers as documented: what it leaves out is unknown, and which version a change is at is counted."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.neighbours.gitlab_site import MERGE, OTHER, PROJECT, SHA, GitlabSite, commit, merge_request
from tests.neighbours.sites import Answer, Site, site
from tocsin.domain.change import Change, ChangeStatus, Size, Verdict
from tocsin.domain.errors import Refused, Unreachable
from tocsin.domain.people import PersonId
from tocsin.neighbours.reviews.gitlab import MOST_BELOW, GitlabReviews, GitlabSettings

PEOPLE = {"lin@example.org": PersonId("lin"), "ada@example.org": PersonId("ada"), "bo": PersonId("bo")}
PLACE = "/api/v4/projects/example%2Ftools%2Fwebsite"


@pytest.fixture
def served() -> Iterator[Site]:
    with site() as served:
        yield served


@pytest.fixture
def gitlab(served: Site) -> GitlabSite:
    laid = GitlabSite(served)
    laid.shows(merge_request())
    return laid


async def asked(gitlab: GitlabSite, named: str = "12", token: str = "") -> Change:
    settings = GitlabSettings(gitlab.served.address, (PROJECT,), token)
    return await GitlabReviews(settings, PEOPLE.get).change(named)


# --- what it tells ----------------------------------------------------------------------------------------------------


async def test_a_merge_request_is_told_with_all_that_is_known(gitlab: GitlabSite) -> None:
    assert await asked(gitlab) == Change(
        number=12,
        patchset=1,
        sha=SHA,
        project=PROJECT,
        branch="main",
        subject="Stop caching newly painted pages",
        authors=frozenset({PersonId("lin")}),
        author_name="Lin",
        ci=Verdict.YES,
        mergeable=Verdict.YES,
        size=Size(files=1, added=2, removed=1),
        public=Verdict.YES,
        url=f"{gitlab.served.address}/{PROJECT}/-/merge_requests/12",
    )


@pytest.mark.parametrize(
    ("other", "status", "merged_as"),
    [
        ({"draft": True}, ChangeStatus.WORK_IN_PROGRESS, ""),
        ({"draft": None, "work_in_progress": True}, ChangeStatus.WORK_IN_PROGRESS, ""),
        ({"state": "closed"}, ChangeStatus.ABANDONED, ""),
        ({"state": "locked"}, ChangeStatus.BLOCKED, ""),
        ({"detailed_merge_status": "requested_changes"}, ChangeStatus.BLOCKED, ""),
        ({"detailed_merge_status": "merge_request_blocked"}, ChangeStatus.BLOCKED, ""),
        ({"detailed_merge_status": "not_approved"}, ChangeStatus.OPEN, ""),
        ({"state": "merged", "merge_commit_sha": MERGE, "squash_commit_sha": OTHER}, ChangeStatus.MERGED, MERGE),
        ({"state": "merged", "squash_commit_sha": OTHER}, ChangeStatus.MERGED, OTHER),
        ({"state": "merged"}, ChangeStatus.MERGED, SHA),
    ],
)
async def test_how_it_stands_is_told(
    gitlab: GitlabSite, other: dict[str, Any], status: ChangeStatus, merged_as: str
) -> None:
    gitlab.shows(merge_request(**other))
    told = await asked(gitlab)
    assert (told.status, told.merged_as) == (status, merged_as)


@pytest.mark.parametrize(
    ("other", "verdict"),
    [
        ({"detailed_merge_status": "conflict"}, Verdict.NO),
        ({"detailed_merge_status": "need_rebase"}, Verdict.NO),
        ({"detailed_merge_status": "not_approved", "has_conflicts": True}, Verdict.NO),
        ({"detailed_merge_status": "not_approved"}, Verdict.UNKNOWN),
        ({"detailed_merge_status": "checking"}, Verdict.UNKNOWN),
        ({"detailed_merge_status": None}, Verdict.YES),
        ({"detailed_merge_status": None, "merge_status": "unchecked"}, Verdict.UNKNOWN),
    ],
)
async def test_whether_it_merges_is_unknown_where_another_obstacle_stands_before_it(
    gitlab: GitlabSite, other: dict[str, Any], verdict: Verdict
) -> None:
    gitlab.shows(merge_request(**other))
    assert (await asked(gitlab)).mergeable is verdict


async def test_it_is_blocked_while_a_reviewer_asks_for_changes(gitlab: GitlabSite) -> None:
    gitlab.reviewed(12, "approved", "requested_changes")
    assert (await asked(gitlab)).status is ChangeStatus.BLOCKED


@pytest.mark.parametrize(
    ("pipeline", "verdict"),
    [
        ({"sha": SHA, "ref": "x", "status": "success"}, Verdict.YES),
        ({"sha": SHA, "ref": "x", "status": "failed"}, Verdict.NO),
        ({"sha": SHA, "ref": "x", "status": "canceled"}, Verdict.NO),
        ({"sha": SHA, "ref": "x", "status": "running"}, Verdict.UNKNOWN),
        ({"sha": SHA, "ref": "x", "status": "skipped"}, Verdict.UNKNOWN),
        ({"sha": MERGE, "ref": "refs/merge-requests/12/merge", "status": "success"}, Verdict.YES),
        ({"sha": OTHER, "ref": "x", "status": "success"}, Verdict.UNKNOWN),
        (None, Verdict.UNKNOWN),
    ],
)
async def test_a_pipeline_of_another_commit_says_nothing(
    gitlab: GitlabSite, pipeline: dict[str, Any] | None, verdict: Verdict
) -> None:
    gitlab.shows(merge_request(head_pipeline=pipeline))
    assert (await asked(gitlab)).ci is verdict


@pytest.mark.parametrize(
    ("versions", "patchset"),
    [((SHA,), 1), ((SHA, OTHER), 2), ((OTHER,), 2), (tuple([SHA] * 60 + [OTHER] * 60), 120)],
)
async def test_each_push_is_a_patchset(gitlab: GitlabSite, versions: tuple[str, ...], patchset: int) -> None:
    gitlab.shows(merge_request(), versions=versions)
    if len(versions) > 100:
        listed = [{"head_commit_sha": each} for each in versions]
        for page, start in ((1, 0), (2, 100)):
            path = f"{PLACE}/merge_requests/12/versions?per_page=100&page={page}"
            gitlab.served.says(path, listed[start : start + 100], b"")
    assert (await asked(gitlab)).patchset == patchset


@pytest.mark.parametrize(
    ("diff", "size"),
    [
        ("@@ -1 +1,2 @@\n-old\n--- no header\n+new\n\\ No newline", Size(1, 1, 2)),
        ("--- a/VERSION\n+++ b/VERSION\n@@ -1 +1 @@\n-1\n+2", Size(1, 1, 1)),
        ("Binary files a/b.png and b/b.png differ", Size(1, 0, 0)),
        ("", Size(1, 0, 0)),
    ],
)
async def test_its_size_is_counted_from_its_diffs(gitlab: GitlabSite, diff: str, size: Size) -> None:
    gitlab.differs(12, {"new_path": "a", "diff": diff})
    assert (await asked(gitlab)).size == size


@pytest.mark.parametrize(
    ("other", "diffs"),
    [
        ({"changes_count": "2"}, [{"diff": ""}]),
        ({"changes_count": "1000+"}, [{"diff": ""}]),
        ({}, [{"diff": "", "too_large": True}]),
        ({}, [{"diff": "", "collapsed": True}]),
    ],
)
async def test_without_every_diff_its_size_is_unknown(
    gitlab: GitlabSite, other: dict[str, Any], diffs: list[dict[str, Any]]
) -> None:
    gitlab.shows(merge_request(**other))
    gitlab.differs(12, *diffs)
    assert (await asked(gitlab)).size is None


async def test_an_older_gitlab_that_has_neither_diffs_nor_blocks_nor_reviewers_is_read(gitlab: GitlabSite) -> None:
    for path in ("diffs", "blocks", "reviewers"):
        gitlab.served.answers[f"{PLACE}/merge_requests/12/{path}"] = Answer(b"{}", 404)
    told = await asked(gitlab)
    assert (told.size, told.status, told.brings) == (None, ChangeStatus.OPEN, ())


# --- whose it is, and what else goes live -----------------------------------------------------------------------------


async def test_everybody_who_wrote_any_of_it_is_an_author(gitlab: GitlabSite) -> None:
    trailer = "Mend it\n\nCo-authored-by: Bo <17-bo@users.noreply.gitlab.com>\n"
    gitlab.shows(merge_request(), commit(), commit("Ada"), commit("Ada", trailer))
    told = await asked(gitlab)
    assert told.authors == {PersonId("lin"), PersonId("ada"), PersonId("bo")}
    assert told.brings == ("2 commits by Ada",)


async def test_what_must_go_before_it_and_what_it_depends_on_are_told(gitlab: GitlabSite) -> None:
    gitlab.shows(merge_request(description="Depends-On: example/api!7"))
    open_, over = merge_request(11, title="Prepare"), merge_request(9, state="merged")
    blocks: list[dict[str, Any]] = [
        {"id": 1, "blocking_merge_request": open_},
        {"id": 2, "blocking_merge_request": over},
        {"id": 3},
    ]
    gitlab.blocked_by(12, *blocks)
    told = (await asked(gitlab)).brings
    assert told == (f"{PROJECT}!11 {SHA[:10]} Prepare", "one hidden from tocsin", "example/api!7")


async def test_merge_requests_that_it_stands_on_are_told_down_to_the_default_branch(gitlab: GitlabSite) -> None:
    gitlab.shows(merge_request(target_branch="second"))
    fork = merge_request(40, source_branch="second", source_project_id=8)
    gitlab.stands_on("second", fork, merge_request(11, source_branch="second", target_branch="first", title="Second"))
    gitlab.stands_on("first", merge_request(10, source_branch="first", title="First"))
    told = await asked(gitlab)
    assert told.branch == "second"
    assert told.brings == (f"{PROJECT}!11 {SHA[:10]} Second", f"{PROJECT}!10 {SHA[:10]} First")


async def test_no_more_are_asked_for_than_people_would_wait_for(gitlab: GitlabSite) -> None:
    gitlab.shows(merge_request(target_branch="round"))
    gitlab.stands_on("round", merge_request(13, source_branch="round", target_branch="round"))
    path = f"{PLACE}/merge_requests?state=opened&source_branch=round"
    assert len((await asked(gitlab)).brings) == 1
    assert len([each for each in gitlab.served.asked if each.startswith(path)]) == MOST_BELOW


async def test_of_what_is_over_nothing_else_goes_live(gitlab: GitlabSite) -> None:
    gitlab.shows(merge_request(state="merged", description="Depends-On: 7"), commit("Ada"))
    told = await asked(gitlab)
    assert told.brings == ()
    assert PersonId("ada") in told.authors


# --- what it must not do ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("missing", ["/merge_requests/12/commits", "/merge_requests/12/versions"])
async def test_without_knowing_whose_it_is_and_which_version_there_is_no_answer(
    gitlab: GitlabSite, missing: str
) -> None:
    gitlab.served.answers[f"{PLACE}{missing}"] = Answer(b"{}", 404)
    with pytest.raises(Unreachable, match="it does not tell wh"):
        await asked(gitlab)


@pytest.mark.parametrize(
    "other",
    [
        {"iid": 13},
        {"state": "asleep"},
        {"sha": None},
        {"sha": "8f3ac21"},
        {"references": {"full": "example/tools/another!12"}},
        {"references": None},
        {"state": "merged", "merge_commit_sha": "--force"},
    ],
)
async def test_another_shape_is_no_answer(gitlab: GitlabSite, other: dict[str, Any]) -> None:
    gitlab.served.says(f"{PLACE}/merge_requests/12", merge_request(**other), b"")
    with pytest.raises(Unreachable, match="in a shape that we do not know"):
        await asked(gitlab)


async def test_one_that_is_not_shown_is_refused(gitlab: GitlabSite) -> None:
    with pytest.raises(Refused, match=r"There is no merge request example/tools/website!99 on .* that tocsin may read"):
        await asked(gitlab, "99")


def test_a_token_shows_nowhere() -> None:
    assert "t0k3n" not in repr(GitlabReviews(GitlabSettings("https://gitlab.com", (PROJECT,), "t0k3n"), PEOPLE.get))
