"""A GitLab of one project, `example/tools/website`, laid out on a site of ours in the shapes that its API documents."""

from typing import Any
from urllib.parse import quote

from tests.neighbours.sites import Site

PROJECT = "example/tools/website"
SHA = "8f3ac21" + "0" * 33
OTHER = "1d0b7e4" + "0" * 33
MERGE = "77aa001" + "0" * 33
DIFF = "@@ -1,2 +1,3 @@\n kept\n-one\n+two\n+three\n"
Told = dict[str, Any]


def merge_request(number: int = 12, **other: object) -> Told:
    """Return a merge request as GitLab tells it, with some parts otherwise."""
    told = {
        "iid": number,
        "project_id": 7,
        "source_project_id": 7,
        "target_project_id": 7,
        "title": "Stop caching newly painted pages",
        "description": "They are corrupted.\n",
        "state": "opened",
        "draft": False,
        "author": {"username": "lin-paints", "name": "Lin"},
        "source_branch": "stop-caching",
        "target_branch": "main",
        "sha": SHA,
        "merge_commit_sha": None,
        "squash_commit_sha": None,
        "merge_status": "can_be_merged",
        "detailed_merge_status": "mergeable",
        "has_conflicts": False,
        "references": {"short": f"!{number}", "relative": f"!{number}", "full": f"{PROJECT}!{number}"},
        "changes_count": "1",
        "head_pipeline": {"id": 5, "sha": SHA, "ref": "stop-caching", "status": "success"},
    }
    return {**told, **other}


def commit(name: str = "Lin", message: str = "Mend it", sha: str = SHA) -> Told:
    """Return a commit of a merge request."""
    address = f"{name.casefold()}@example.org"
    written = {"author_name": name, "author_email": address, "committer_name": name, "committer_email": address}
    return {"id": sha, "title": message.partition("\n")[0], "message": message, **written}


def version(sha: str = SHA) -> Told:
    """Return a version of a merge request."""
    return {"id": 110, "head_commit_sha": sha, "base_commit_sha": OTHER, "start_commit_sha": OTHER}


class GitlabSite:
    """Lays out merge requests, and what is asked beside them."""

    def __init__(self, served: Site) -> None:
        self.served = served
        self._says("$", {"id": 7, "path_with_namespace": PROJECT, "default_branch": "main"})

    def shows(self, told: Told, *commits: Told, versions: tuple[str, ...] = ()) -> None:
        """Show a merge request with its commits and versions, newest first, and a diff of one file."""
        here = f"/merge_requests/{told['iid']}"
        self._says(here, told)
        self._says(f"{here}/commits", list(commits) or [commit(sha=told["sha"])])
        self._says(f"{here}/versions", [version(each) for each in versions or (told["sha"],)])
        self.differs(told["iid"], {"new_path": "a.php", "diff": DIFF})
        self.blocked_by(told["iid"])
        self.reviewed(told["iid"])

    def differs(self, number: int, *diffs: Told) -> None:
        """Show the diffs of a merge request."""
        self._says(f"/merge_requests/{number}/diffs", list(diffs))

    def blocked_by(self, number: int, *blocks: Told) -> None:
        """Show which merge requests must go before one."""
        self._says(f"/merge_requests/{number}/blocks", list(blocks))

    def reviewed(self, number: int, *states: str) -> None:
        """Show in which states reviewers are."""
        self._says(f"/merge_requests/{number}/reviewers", [{"user": {}, "state": state} for state in states])

    def stands_on(self, branch: str, *requests: Told) -> None:
        """Show which open merge requests are of a branch."""
        self._says(f"/merge_requests?state=opened&source_branch={branch}", list(requests))

    def _says(self, path: str, told: object) -> None:
        self.served.says(f"/api/v4/projects/{quote(PROJECT, safe='')}{path}", told, b"")
