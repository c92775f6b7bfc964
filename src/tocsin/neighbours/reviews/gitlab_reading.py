"""From GitLab's own JSON to a change; the shapes are those of its REST API (version 4).

Law: what is left out or null is unknown, never good news; what is there and has another shape is no answer at all.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from tocsin.domain.change import Change, ChangeStatus, Size, Verdict
from tocsin.domain.people import PersonId
from tocsin.neighbours.reviews.reading import (
    LONGEST_SUBJECT,
    SHA_SHOWN,
    Json,
    PersonOf,
    Unfamiliar,
    by_others,
    co_authors,
    depends_on,
    familiar,
    people,
    sha_of,
)

STOPPED: Final = ("requested_changes", "merge_request_blocked")
"""What people decided against merging it; that an approval or CI is still missing is no such word."""
CLEAN: Final = ("mergeable", "can_be_merged")
CONFLICTING: Final = ("conflict", "need_rebase", "cannot_be_merged")
_STATES: Final = {"merged": ChangeStatus.MERGED, "closed": ChangeStatus.ABANDONED, "locked": ChangeStatus.BLOCKED}
"""Locked: it is being merged at this moment."""
_PIPELINES: Final = {"success": Verdict.YES, "failed": Verdict.NO, "canceled": Verdict.NO}
_MERGED_RESULT: Final = "/merge"


def change_of(request: Json, project: str, number: int, person_of: PersonOf) -> Change:
    """Return a change; its version, commits, size, and what it stands on are asked elsewhere."""
    with familiar():
        if int(request["iid"]) != number or str(request["references"]["full"]).casefold() != _full(project, number):
            raise Unfamiliar("another merge request than was asked for")
        sha, status = sha_of(request["sha"]), _status(request)
        author = request.get("author") or {}
        return Change(
            number=number,
            patchset=0,
            sha=sha,
            project=project,
            branch=str(request["target_branch"]),
            subject=str(request["title"])[:LONGEST_SUBJECT],
            authors=people([author.get("username")], person_of),
            author_name=str(author.get("name") or "")[:LONGEST_SUBJECT],
            status=status,
            merged_as=_merged_as(request, sha) if status is ChangeStatus.MERGED else "",
            ci=_ci(request.get("head_pipeline"), sha),
            mergeable=_mergeable(request, status),
        )


def version_of(sha: str, versions: Sequence[Json]) -> int:
    """Return which version the newest is; they come newest first, and one just pushed may not be listed yet."""
    with familiar():
        listed = bool(versions) and versions[0]["head_commit_sha"] == sha
        return len(versions) if listed else len(versions) + 1


def authors_of(commits: Iterable[Json], person_of: PersonOf) -> frozenset[PersonId]:
    """Return everybody who wrote or committed any of the commits, by address."""
    with familiar():
        return people([name for each in commits for name in _names(each)], person_of)


def brought(request: Json, commits: Sequence[Json], below: Iterable[Json], blocks: Any) -> tuple[str, ...]:  # noqa: ANN401 - foreign JSON, if any
    """Return what else goes live: merge requests below and before it, commits of others, what messages depend on."""
    with familiar():
        standing_on = [_named(each) for each in below]
        before = [_blocking(each) for each in blocks or () if _is_open(each)]
        others = by_others([str(each["author_name"])[:LONGEST_SUBJECT] for each in commits], _author(request))
        messages = [str(each["message"]) for each in commits]
        depends = depends_on(str(request.get("description") or ""), *messages)
        return (*dict.fromkeys([*standing_on, *before]), *others, *depends)


def asked_for_changes(reviewers: Any) -> bool:  # noqa: ANN401 - foreign JSON, if any
    """Say whether a reviewer asked for changes; where GitLab does not tell, the merge status may."""
    with familiar():
        return any(each.get("state") == "requested_changes" for each in reviewers or ())


def size_of(request: Json, diffs: Any) -> Size | None:  # noqa: ANN401 - foreign JSON, if any
    """Return how big it is, where every file's diff is there to be counted."""
    with familiar():
        if not isinstance(diffs, list) or str(request.get("changes_count")) != str(len(diffs)):
            return None
        if any(each.get("too_large") or each.get("collapsed") for each in diffs):
            return None
        lines = [line[:1] for each in diffs for line in _hunks(str(each["diff"])).split("\n")]
        return Size(len(diffs), lines.count("+"), lines.count("-"))


def of_branch(requests: Iterable[Json], branch: str) -> Json | None:
    """Return the merge request of a branch of this very project: one of a fork has its own branches."""
    with familiar():
        for each in requests:
            if each["source_branch"] == branch and each["source_project_id"] == each["target_project_id"]:
                return each
    return None


def target_of(request: Json) -> str:
    """Return the branch that a merge request is for."""
    with familiar():
        return str(request["target_branch"])


def _hunks(diff: str) -> str:
    """Return a diff without the names of its file, which older versions put first."""
    return diff[diff.index("@@") :] if "@@" in diff else ""


def _full(project: str, number: int) -> str:
    return f"{project}!{number}".casefold()


def _status(request: Json) -> ChangeStatus:
    if (state := request["state"]) in _STATES:
        return _STATES[state]
    if state != "opened":
        raise Unfamiliar(f"state {state}")
    if request.get("draft") or request.get("work_in_progress"):
        return ChangeStatus.WORK_IN_PROGRESS
    return ChangeStatus.BLOCKED if request.get("detailed_merge_status") in STOPPED else ChangeStatus.OPEN


def _merged_as(request: Json, sha: str) -> str:
    """Without a commit of the merge, or one that all were squashed into, its own commits were put onto the branch."""
    return sha_of(request.get("merge_commit_sha") or request.get("squash_commit_sha") or sha)


def _mergeable(request: Json, status: ChangeStatus) -> Verdict:
    """Anything but a clean merge or a conflict leaves it open: GitLab names one obstacle at a time."""
    said = request.get("detailed_merge_status") or request.get("merge_status")
    if status in (ChangeStatus.MERGED, ChangeStatus.ABANDONED):
        return Verdict.UNKNOWN
    if said in CONFLICTING or request.get("has_conflicts"):
        return Verdict.NO
    return Verdict.YES if said in CLEAN else Verdict.UNKNOWN


def _ci(pipeline: Json | None, sha: str) -> Verdict:
    """Believe a pipeline of this very commit, or of what it would give when merged."""
    if not pipeline or (pipeline.get("sha") != sha and not str(pipeline.get("ref")).endswith(_MERGED_RESULT)):
        return Verdict.UNKNOWN
    return _PIPELINES.get(str(pipeline["status"]), Verdict.UNKNOWN)


def _names(commit: Json) -> list[str | None]:
    return [commit.get("author_email"), commit.get("committer_email"), *co_authors(str(commit["message"]))]


def _author(request: Json) -> str:
    return str((request.get("author") or {}).get("name") or "")


def _named(request: Json) -> str:
    """A push to what stands below is news: the sha is told with it."""
    name = (request.get("references") or {}).get("full") or f"!{int(request['iid'])}"
    return f"{name} {str(request['sha'])[:SHA_SHOWN]} {str(request['title'])[:LONGEST_SUBJECT]}"


def _is_open(block: Json) -> bool:
    """One that we may not see is left out of what is told of it, and counts."""
    return bool((block.get("blocking_merge_request") or {}).get("state", "opened") == "opened")


def _blocking(block: Json) -> str:
    return _named(there) if (there := block.get("blocking_merge_request")) else "one hidden from tocsin"
