"""A GitHub of one repository, `example/website`, laid out on a site of ours in the shapes that its API documents."""

from typing import Any

from tests.neighbours.sites import Site

PROJECT = "example/website"
SHA = "8f3ac21" + "0" * 33
OTHER = "1d0b7e4" + "0" * 33
MERGE = "77aa001" + "0" * 33
Told = dict[str, Any]


def repository(name: str = PROJECT) -> Told:
    """Return a repository as pull requests name it."""
    return {"full_name": name, "default_branch": "main", "private": False}


def pull(number: int = 12, **other: object) -> Told:
    """Return a pull request as GitHub tells it, with some parts otherwise."""
    told = {
        "number": number,
        "state": "open",
        "draft": False,
        "title": "Stop caching newly painted pages",
        "body": "They are corrupted.\n",
        "user": {"login": "lin-paints", "id": 1},
        "head": {"ref": "stop-caching", "sha": SHA, "repo": repository()},
        "base": {"ref": "main", "sha": OTHER, "repo": repository()},
        "merged": False,
        "merged_at": None,
        "merge_commit_sha": MERGE,
        "mergeable": True,
        "mergeable_state": "blocked",
        "commits": 1,
        "additions": 2,
        "deletions": 1,
        "changed_files": 1,
    }
    return {**told, **other}


def commit(name: str = "Lin", login: str | None = "lin-paints", message: str = "Mend it", sha: str = SHA) -> Told:
    """Return a commit of a pull request; an address that no account has shows no login."""
    person = {"name": name, "email": f"{name.casefold()}@example.org", "date": "2026-11-20T02:14:07Z"}
    account = {"login": login} if login else None
    said = {"author": person, "committer": person, "message": message}
    return {"sha": sha, "commit": said, "author": account, "committer": {"login": "web-flow"}}


def run(name: str, conclusion: str | None = "success") -> Told:
    """Return a check run; one without a conclusion still runs."""
    return {"name": name, "status": "completed" if conclusion else "in_progress", "conclusion": conclusion}


def review(login: str, state: str, association: str = "MEMBER") -> Told:
    """Return a review of a pull request."""
    return {"user": {"login": login}, "state": state, "author_association": association}


class GithubSite:
    """Lays out pull requests, and what is asked beside them."""

    def __init__(self, served: Site) -> None:
        self.served = served

    def shows(self, told: Told, *commits: Told) -> None:
        """Show a pull request with its commits, no reviews and one check that passed."""
        number, sha = told["number"], told["head"]["sha"]
        self._says(f"pulls/{number}", told)
        self._says(f"pulls/{number}/commits", list(commits) or [commit(sha=sha)])
        self.reviewed(number)
        self.checked(sha, run("tests"))
        self.has_statuses(sha)

    def reviewed(self, number: int, *reviews: Told) -> None:
        """Show the reviews of a pull request, oldest first."""
        self._says(f"pulls/{number}/reviews", list(reviews))

    def checked(self, sha: str, *runs: Told, total: int | None = None) -> None:
        """Show the check runs of a commit."""
        count = len(runs) if total is None else total
        self._says(f"commits/{sha}/check-runs", {"total_count": count, "check_runs": list(runs)})

    def has_statuses(self, sha: str, **states: str) -> None:
        """Show the statuses of a commit; without any the combined one is called pending."""
        told = [{"context": name.replace("_", "/"), "state": state} for name, state in states.items()]
        self._says(f"commits/{sha}/status", {"state": "pending", "total_count": len(told), "statuses": told})

    def stands_on(self, branch: str, *pulls: Told) -> None:
        """Show which open pull requests are of a branch."""
        self._says(f"pulls?state=open&head=example%3A{branch}", list(pulls))

    def _says(self, path: str, told: object) -> None:
        self.served.says(f"/repos/{PROJECT}/{path}", told, b"")
