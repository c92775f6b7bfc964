"""The review systems that the contract is tried on: a real repository, and sites that answer in the shapes documented.

Each has one project, in which somebody named lin opens changes, and does to them what the contract asks for.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from tests.neighbours import github_site, gitlab_site
from tests.neighbours.repositories import Repository
from tests.neighbours.reviews.test_gerrit import info
from tests.neighbours.sites import Site, site
from tocsin.domain.people import PersonId
from tocsin.neighbours.asking.web import SignIn
from tocsin.neighbours.reviews.gerrit import GerritReviews, GerritSettings
from tocsin.neighbours.reviews.git import GitReviews
from tocsin.neighbours.reviews.git_naming import ReviewSettings
from tocsin.neighbours.reviews.github import GithubReviews, GithubSettings
from tocsin.neighbours.reviews.gitlab import GitlabReviews, GitlabSettings
from tocsin.service.ports import Reviews

LIN = PersonId("lin")
TOKEN = "t0k3n"


def by_address(name: str) -> PersonId | None:
    """Know lin by her address."""
    return LIN if name == "lin@example.org" else None


class System(Protocol):
    """A review system with one project; `site` is where people see its changes."""

    project: str
    site: str
    reviews: Reviews

    def opens(self, number: int) -> str:
        """Open a change, and return the sha of its first patchset."""
        ...

    def uploads(self, number: int) -> str:
        """Upload a second patchset, and return its sha."""
        ...

    def merges(self, number: int) -> None:
        """Merge what was uploaded last, as it is."""
        ...

    def addresses(self, number: int) -> list[str]:
        """Return a change as people write it, in all ways."""
        ...

    def hides(self) -> None:
        """Show the project to nobody but those who sign in."""
        ...

    def goes_away(self) -> None:
        """Answer nothing any more."""
        ...


class Reviewed(System, Protocol):
    """One where changes have a life of their own, which a plain repository does not tell."""

    def drafts(self, number: int) -> None:
        """Call a change unfinished."""
        ...

    def abandons(self, number: int) -> None:
        """Give a change up."""
        ...

    def rejects(self, number: int) -> None:
        """Have somebody say that it must not go like this."""
        ...

    def stacks(self, number: int, on: int) -> None:
        """Open a change on top of an open one."""
        ...

    def merges_as(self, number: int, sha: str) -> None:
        """Merge a change by a commit of another sha."""
        ...


def sha_of(number: int, patchset: int) -> str:
    """Return an invented sha."""
    return f"{number:020x}{patchset:020x}"


class GitSystem:
    """Changes in a plain git repository."""

    project = "website"
    site = "https://reviews.example.org"

    def __init__(self, folder: Path) -> None:
        self.repository = Repository(folder / "upstream")
        settings = ReviewSettings(self.project, str(self.repository.bare), ("main",), self.site, public=True)
        self._folder, self._settings = folder, settings
        self.reviews: Reviews = GitReviews((settings,), folder / "copies", by_address)

    def opens(self, number: int) -> str:
        return self.repository.upload(number, 1)

    def uploads(self, number: int) -> str:
        return self.repository.upload(number, 2, text="better\n")

    def merges(self, number: int) -> None:
        self.repository.push("refs/heads/main")

    def addresses(self, number: int) -> list[str]:
        return [f"{number}", f"{number}/1", f"{self.site}/{number}", f"{self.site}/c/website/+/{number}/1#x"]

    def hides(self) -> None:
        settings = ReviewSettings(self.project, str(self.repository.bare), ("main",), self.site)
        self.reviews = GitReviews((settings,), self._folder / "copies", by_address)

    def goes_away(self) -> None:
        self.repository.bare.rename(self.repository.bare.with_name("gone"))


class GerritSystem:
    """A Gerrit in the shapes that it documents."""

    project = "operations/config"

    def __init__(self, served: Site) -> None:
        self.served, self.site = served, served.address
        self.reviews: Reviews = GerritReviews(GerritSettings(served.address), by_address)
        self._signed_in = GerritReviews(GerritSettings(served.address, SignIn("tocsin", TOKEN)), by_address)

    def opens(self, number: int) -> str:
        return self._shows(number, 1)

    def uploads(self, number: int) -> str:
        return self._shows(number, 2)

    def merges(self, number: int) -> None:
        self._shows(number, 1, status="MERGED")

    def merges_as(self, number: int, sha: str) -> None:
        """A Gerrit that rebases or cherry-picks on submitting makes a patchset of what it merges."""
        self._shows(number, 2, sha=sha, status="MERGED")

    def drafts(self, number: int) -> None:
        self._shows(number, 1, work_in_progress=True)

    def abandons(self, number: int) -> None:
        self._shows(number, 1, status="ABANDONED")

    def rejects(self, number: int) -> None:
        self._shows(number, 1, labels={"Code-Review": {"rejected": {}, "blocking": True}})

    def stacks(self, number: int, on: int) -> None:
        sha = self._shows(number, 1)
        chain = [{"_change_number": each, "_revision_number": 1, "status": "NEW"} for each in (number, on)]
        self.served.says(f"{self._place(number)}revisions/{sha}/related", {"changes": chain})

    def addresses(self, number: int) -> list[str]:
        return [f"{number}", f"{number}/1", f"{self.site}/{number}", f"{self.site}/c/operations/config/+/{number}/1"]

    def hides(self) -> None:
        for path in list(self.served.answers):
            self.served.answers[f"/a{path}"] = self.served.answers.pop(path)
        self.served.says("/changes/?q=", [])
        self.reviews = self._signed_in

    def goes_away(self) -> None:
        self.served.answers = {"/": self.served.gone}

    def _shows(self, number: int, patchset: int, sha: str = "", **other: object) -> str:
        sha = sha or sha_of(number, patchset)
        [revision] = info()["revisions"].values()  # type: ignore[attr-defined] # a table of one
        commit = {"author": {"name": "Lin", "email": "lin@example.org"}, "message": "Mend it\n"}
        person = {"email": "lin@example.org"}
        revision = {**revision, "_number": patchset, "commit": commit, "uploader": person}
        told = info(_number=number, current_revision=sha, revisions={sha: revision}, **other)
        self.served.says("/changes/?q=", [])
        self.served.says(f"/changes/?q=change:{number}", [told])
        self.served.says(f"{self._place(number)}revisions/{sha}/related", {"changes": []})
        self.served.says(f"{self._place(number)}submitted_together", {"changes": []})
        self.served.says(f"{self._place(number)}revisions/{sha}/mergeable", {"mergeable": True})
        return sha

    def _place(self, number: int) -> str:
        return f"/changes/operations%2Fconfig~{number}/"


class GithubSystem:
    """A GitHub in the shapes that it documents."""

    project = github_site.PROJECT

    def __init__(self, served: Site) -> None:
        self.served, self.site = served, served.address
        self._github = github_site.GithubSite(served)
        self.reviews: Reviews = self._as("")

    def opens(self, number: int) -> str:
        return self._shows(number, 1)

    def uploads(self, number: int) -> str:
        return self._shows(number, 2)

    def merges(self, number: int) -> None:
        self.merges_as(number, sha_of(number, 1))

    def merges_as(self, number: int, sha: str) -> None:
        self._shows(number, 1, state="closed", merged=True, merge_commit_sha=sha)

    def drafts(self, number: int) -> None:
        self._shows(number, 1, draft=True)

    def abandons(self, number: int) -> None:
        self._shows(number, 1, state="closed")

    def rejects(self, number: int) -> None:
        self._github.reviewed(number, github_site.review("bo", "CHANGES_REQUESTED"))

    def stacks(self, number: int, on: int) -> None:
        base = {**github_site.pull()["base"], "ref": f"change-{on}"}
        self._shows(number, 1, base=base)
        self._github.stands_on(f"change-{on}", self._pull(on, 1))

    def addresses(self, number: int) -> list[str]:
        page = f"{self.site}/{self.project}/pull/{number}"
        return [f"{number}", f"#{number}", f"{self.project}#{number}", page, f"{page}/files", f"{page}#discussion"]

    def hides(self) -> None:
        self.served.private = True
        self.reviews = self._as(TOKEN)

    def goes_away(self) -> None:
        self.served.answers = {"/": self.served.gone}

    def _as(self, token: str) -> Reviews:
        return GithubReviews(GithubSettings(self.site, self.site, (self.project,), token), by_address)

    def _pull(self, number: int, patchset: int, **other: object) -> github_site.Told:
        place = {"ref": f"change-{number}", "sha": sha_of(number, patchset), "repo": github_site.repository()}
        return github_site.pull(number, **{"head": place, "commits": patchset, **other})

    def _shows(self, number: int, patchset: int, **other: object) -> str:
        commits = [github_site.commit(sha=sha_of(number, each + 1)) for each in range(patchset)]
        self._github.shows(self._pull(number, patchset, **other), *commits)
        return sha_of(number, patchset)


class GitlabSystem:
    """A GitLab in the shapes that it documents."""

    project = gitlab_site.PROJECT

    def __init__(self, served: Site) -> None:
        self.served, self.site = served, served.address
        self._gitlab = gitlab_site.GitlabSite(served)
        self.reviews: Reviews = self._as("")

    def opens(self, number: int) -> str:
        return self._shows(number, 1)

    def uploads(self, number: int) -> str:
        return self._shows(number, 2)

    def merges(self, number: int) -> None:
        self._shows(number, 1, state="merged")

    def merges_as(self, number: int, sha: str) -> None:
        self._shows(number, 1, state="merged", merge_commit_sha=sha)

    def drafts(self, number: int) -> None:
        self._shows(number, 1, draft=True)

    def abandons(self, number: int) -> None:
        self._shows(number, 1, state="closed")

    def rejects(self, number: int) -> None:
        self._gitlab.reviewed(number, "requested_changes")

    def stacks(self, number: int, on: int) -> None:
        self._shows(number, 1, target_branch=f"change-{on}")
        self._gitlab.stands_on(f"change-{on}", gitlab_site.merge_request(on, source_branch=f"change-{on}"))

    def addresses(self, number: int) -> list[str]:
        page = f"{self.site}/{self.project}/-/merge_requests/{number}"
        return [f"{number}", f"!{number}", f"{self.project}!{number}", page, f"{page}/diffs", f"{page}#note_1"]

    def hides(self) -> None:
        self.served.private = True
        self.reviews = self._as(TOKEN)

    def goes_away(self) -> None:
        self.served.answers = {"/": self.served.gone}

    def _as(self, token: str) -> Reviews:
        return GitlabReviews(GitlabSettings(self.site, (self.project,), token), by_address)

    def _shows(self, number: int, patchset: int, **other: object) -> str:
        sha = sha_of(number, patchset)
        told = gitlab_site.merge_request(number, **{"sha": sha, "source_branch": f"change-{number}", **other})
        self._gitlab.shows(told, versions=tuple(sha_of(number, each) for each in range(patchset, 0, -1)))
        return sha


@contextmanager
def system(kind: str, folder: Path) -> Iterator[System]:
    """Make a system of a kind, and end it with the block."""
    if kind == "git":
        yield GitSystem(folder)
        return
    kinds: dict[str, Callable[[Site], System]] = {
        "gerrit": GerritSystem,
        "github": GithubSystem,
        "gitlab": GitlabSystem,
    }
    with site() as served:
        yield kinds[kind](served)
