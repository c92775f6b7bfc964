"""From GitHub's own JSON to a change; the shapes are those of its REST API (version 2022-11-28).

GitHub does not count how often a pull request was pushed to, so its patchset is the number of its commits. A commit
that was only amended leaves it as it was: it is the sha that tells, and that is compared.

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

HAVE_A_SAY: Final = ("OWNER", "MEMBER", "COLLABORATOR")
"""Anybody may write a review of what is public; these are people of the repository, whose word can stop it."""
OPINIONS: Final = ("APPROVED", "CHANGES_REQUESTED", "DISMISSED")
PASSED: Final = ("success", "neutral", "skipped")
_STATES: Final = {"success": Verdict.YES, "failure": Verdict.NO, "error": Verdict.NO}


def change_of(pull: Json, project: str, number: int, person_of: PersonOf) -> Change:
    """Return a change; its commits, CI, reviews, and what it stands on are asked elsewhere."""
    with familiar():
        if int(pull["number"]) != number or str(pull["base"]["repo"]["full_name"]).casefold() != project.casefold():
            raise Unfamiliar("another pull request than was asked for")
        status = _status(pull)
        login = _login(pull.get("user"))
        return Change(
            number=number,
            patchset=int(pull["commits"]),
            sha=sha_of(pull["head"]["sha"]),
            project=project,
            branch=str(pull["base"]["ref"]),
            subject=str(pull["title"])[:LONGEST_SUBJECT],
            authors=people([login], person_of),
            author_name=login[:LONGEST_SUBJECT],
            status=status,
            merged_as=sha_of(pull["merge_commit_sha"]) if status is ChangeStatus.MERGED else "",
            mergeable=_mergeable(pull, status),
            size=_size(pull),
        )


def authors_of(commits: Iterable[Json], person_of: PersonOf) -> frozenset[PersonId]:
    """Return everybody who wrote or committed any of the commits, by address and by login."""
    with familiar():
        return people([name for each in commits for name in _names(each)], person_of)


def brought(pull: Json, commits: Sequence[Json], below: Iterable[Json]) -> tuple[str, ...]:
    """Return what else goes live: pull requests below, commits of others, what messages say that it depends on."""
    with familiar():
        standing_on = [_named(each) for each in below]
        others = by_others([_author(each) for each in commits], _login(pull.get("user")))
        unread = int(pull["commits"]) - len(commits)
        more = (f"{unread} more commits, whose authors are not known",) if unread > 0 else ()
        messages = [str(each["commit"]["message"]) for each in commits]
        return (*standing_on, *others, *more, *depends_on(str(pull.get("body") or ""), *messages))


def asked_for_changes(reviews: Iterable[Json]) -> bool:
    """Say whether the last word of anybody of the repository is that changes are needed; reviews come oldest first."""
    with familiar():
        last: dict[str, str] = {}
        for each in reviews:
            if each["state"] in OPINIONS and each.get("author_association") in HAVE_A_SAY:
                last[_login(each.get("user"))] = str(each["state"])
        return "CHANGES_REQUESTED" in last.values()


def ci_of(runs: Any, statuses: Any, required: tuple[str, ...]) -> Verdict:  # noqa: ANN401 - foreign JSON, if any
    """Return what CI says of a commit: no where any check says so, yes where all are there and passed."""
    with familiar():
        told = [(str(each["name"]), _run(each)) for each in (runs or {}).get("check_runs", [])]
        told += [(str(each["context"]), _state(each)) for each in (statuses or {}).get("statuses", [])]
        whole = all(each is not None and int(each["total_count"]) <= 100 for each in (runs, statuses))
    if required:
        said = [verdict for name in required for verdict in _of(name, told)]
    else:
        said = [verdict for _, verdict in told] + ([] if whole else [Verdict.UNKNOWN])
    if Verdict.NO in said:
        return Verdict.NO
    return Verdict.YES if said and Verdict.UNKNOWN not in said else Verdict.UNKNOWN


def base_of(pull: Json) -> str:
    """Return the branch that a pull request is for; empty where that is the one that every repository ends in."""
    with familiar():
        branch = str(pull["base"]["ref"])
        return "" if branch == pull["base"]["repo"].get("default_branch") else branch


def of_branch(pulls: Iterable[Json], project: str, branch: str) -> Json | None:
    """Return the pull request of a branch of this very repository: a list may hold others."""
    with familiar():
        for each in pulls:
            place = (each["head"].get("repo") or {}).get("full_name", "")
            if each["head"]["ref"] == branch and place.casefold() == project.casefold():
                return each
    return None


def _status(pull: Json) -> ChangeStatus:
    state = pull["state"]
    if pull.get("merged") or pull.get("merged_at"):
        return ChangeStatus.MERGED
    if state == "closed":
        return ChangeStatus.ABANDONED
    if state != "open":
        raise Unfamiliar(f"state {state}")
    return ChangeStatus.WORK_IN_PROGRESS if pull.get("draft") else ChangeStatus.OPEN


def _mergeable(pull: Json, status: ChangeStatus) -> Verdict:
    """Null while GitHub works it out; of what is over it says nothing that still means anything."""
    said = pull.get("mergeable")
    if status in (ChangeStatus.MERGED, ChangeStatus.ABANDONED) or not isinstance(said, bool):
        return Verdict.UNKNOWN
    return Verdict.YES if said else Verdict.NO


def _size(pull: Json) -> Size | None:
    told = [int(pull[key]) for key in ("changed_files", "additions", "deletions") if pull.get(key) is not None]
    return Size(*told) if len(told) == 3 else None


def _login(account: Json | None) -> str:
    """An account that was deleted is null."""
    return str(account.get("login") or "") if account else ""


def _author(commit: Json) -> str:
    return _login(commit.get("author")) or str(commit["commit"]["author"]["name"])[:LONGEST_SUBJECT]


def _names(commit: Json) -> list[str | None]:
    said = commit["commit"]
    addresses = [(said.get(role) or {}).get("email") for role in ("author", "committer")]
    logins = [_login(commit.get(role)) for role in ("author", "committer")]
    return [*addresses, *logins, *co_authors(str(said["message"]))]


def _named(pull: Json) -> str:
    """A push to what stands below is news: the sha is told with it."""
    return f"#{int(pull['number'])} {str(pull['head']['sha'])[:SHA_SHOWN]} {str(pull['title'])[:LONGEST_SUBJECT]}"


def _run(run: Json) -> Verdict:
    if run["status"] != "completed":
        return Verdict.UNKNOWN
    return Verdict.YES if run["conclusion"] in PASSED else Verdict.NO


def _state(status: Json) -> Verdict:
    return _STATES.get(status["state"], Verdict.UNKNOWN)


def _of(name: str, told: Iterable[tuple[str, Verdict]]) -> list[Verdict]:
    """Return what was said under a name; a check that is asked for and did not report has said nothing yet."""
    return [verdict for each, verdict in told if each == name] or [Verdict.UNKNOWN]
