"""A running Gerrit, as its REST API has it: who may do what, and what happens to changes after their upload."""

import json
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import httpx2

Told = Any  # foreign JSON, as it came

GUARD = ")]}'\n"
"""Stands before each answer's JSON, so that no page of another site can run it as a script."""

ANSWER_SECONDS = 30.0
EVERYBODY_SIGNED_IN = "global:Registered-Users"
READ_SIGNED_IN = {"permissions": {"read": {"exclusive": True, "rules": {EVERYBODY_SIGNED_IN: {"action": "ALLOW"}}}}}


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who can sign in."""

    login: str
    password: str

    @property
    def email(self) -> str:
        """Their address, as Gerrit knows it and as their commits carry it."""
        return f"{self.login}@example.org"


ADMIN = Account("admin", "secret")


class Gerrit:
    """A running Gerrit at `url`, without a slash at the end. What it refuses raises `httpx2.HTTPStatusError`."""

    def __init__(self, url: str, process_id: int, ssh_port: int) -> None:
        self.url = url
        self.process_id = process_id
        self.ssh_port = ssh_port
        self._client = httpx2.Client(base_url=url, timeout=ANSWER_SECONDS, trust_env=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._client.close()

    def answer(self, path: str, account: Account | None = ADMIN) -> httpx2.Response:
        """Return the answer to a reader, whatever it is; without an account, to somebody who is not signed in."""
        return self._client.get(_place(path, account), auth=_signature(account))

    def read(self, path: str, account: Account | None = ADMIN) -> Told:
        """Return what the answer's JSON says: `read("/changes/7/detail")`."""
        return _told(self.answer(path, account))

    def write(self, method: str, path: str, content: object = None, account: Account = ADMIN) -> Told:
        """Have something done: `write("PUT", "/changes/7/topic", {"topic": "mending"})`."""
        place, signature = _place(path, account), _signature(account)
        return _told(self._client.request(method, place, json=content or {}, auth=signature))

    # What there must be before a change can be uploaded.

    def add_account(self, login: str, name: str) -> Account:
        """Give somebody an account, with an address and a password for HTTP."""
        account = Account(login, f"{login}-word")
        details = {"name": name, "email": account.email, "http_password": account.password}
        self.write("PUT", f"/accounts/{login}", details)
        return account

    def add_key(self, account: Account, public_key: str) -> None:
        """Let somebody in by SSH with a key."""
        path, headers = _place("/accounts/self/sshkeys", account), {"Content-Type": "text/plain"}
        signature = account.login, account.password
        _told(self._client.post(path, content=public_key, headers=headers, auth=signature))

    def add_branch(self, project: str, name: str) -> None:
        """Make a branch where main is now."""
        self.write("PUT", f"/projects/{_quoted(project)}/branches/{_quoted(name)}", {"revision": self.head(project)})

    def add_project(self, name: str, submit_type: str = "MERGE_IF_NECESSARY") -> None:
        """Make a project whose branch main has one empty commit, and which everybody may read."""
        details = {"create_empty_commit": True, "branches": ["main"], "submit_type": submit_type}
        self.write("PUT", f"/projects/{_quoted(name)}", details)

    def add_private_project(self, name: str) -> None:
        """Make a project that only those may read who are signed in."""
        self.add_project(name)
        # One ref that everybody may read shows the whole project, and all projects have this one of the version.
        closed = {"refs/heads/*": READ_SIGNED_IN, "refs/meta/version": READ_SIGNED_IN}
        self.write("POST", f"/projects/{_quoted(name)}/access", {"add": closed})

    def add_verified_label(self) -> None:
        """Give all projects the label Verified, from -1 to +2, and ask for +2 before a change is merged."""
        values = {"-1": "Fails", " 0": "No score", "+1": "Checked", "+2": "Verified"}
        self.write("PUT", "/projects/All-Projects/labels/Verified", {"values": values, "function": "NoBlock"})
        rule = "label:Verified=MAX AND -label:Verified=MIN"
        need = {"name": "Verified", "submittability_expression": rule, "allow_override_in_child_projects": True}
        self.write("PUT", "/projects/All-Projects/submit_requirements/Verified", need)
        for label, least, most in (("Verified", -1, 2), ("Code-Review", -2, 2)):
            self._let_vote(label, least, most)

    def _let_vote(self, label: str, least: int, most: int) -> None:
        rules = {EVERYBODY_SIGNED_IN: {"action": "ALLOW", "min": least, "max": most}}
        permissions = {f"label-{label}": {"label": label, "rules": rules}}
        self.write("POST", "/projects/All-Projects/access", {"add": {"refs/heads/*": {"permissions": permissions}}})

    def head(self, project: str) -> str:
        """Return the commit that main is at."""
        return str(self.read(f"/projects/{_quoted(project)}/branches/main")["revision"])

    # What happens to a change.

    def change(self, number: int, *options: str, account: Account | None = ADMIN) -> Told:
        """Return a change with what the options add: `change(7, "CURRENT_REVISION")`."""
        return self.read(f"/changes/{number}?" + "&".join(f"o={option}" for option in options), account)

    def vote(self, number: int, account: Account, **labels: int) -> None:
        """Vote on the newest patchset; the underscore of `Code_Review` is a hyphen."""
        votes = {label.replace("_", "-"): value for label, value in labels.items()}
        self.write("POST", f"/changes/{number}/revisions/current/review", {"labels": votes}, account)

    def set_work_in_progress(self, number: int) -> None:
        """Say that it is not to be looked at yet."""
        self.write("POST", f"/changes/{number}/wip")

    def set_ready(self, number: int) -> None:
        """Say that it is to be looked at."""
        self.write("POST", f"/changes/{number}/ready")

    def set_topic(self, number: int, topic: str) -> None:
        """Put it under a topic."""
        self.write("PUT", f"/changes/{number}/topic", {"topic": topic})

    def abandon(self, number: int) -> None:
        """Give it up."""
        self.write("POST", f"/changes/{number}/abandon")

    def restore(self, number: int) -> None:
        """Take it up again."""
        self.write("POST", f"/changes/{number}/restore")

    def approve(self, number: int, account: Account = ADMIN) -> None:
        """Give all the votes that it needs to be merged."""
        self.vote(number, account, Code_Review=2, Verified=2)

    def submit(self, number: int) -> None:
        """Merge it, with those below it."""
        self.write("POST", f"/changes/{number}/submit")

    def revert(self, number: int) -> int:
        """Upload a change that takes back a merged one, and return its number."""
        return int(self.write("POST", f"/changes/{number}/revert")["_number"])


def _place(path: str, account: Account | None) -> str:
    return f"/a{path}" if account else path


def _signature(account: Account | None) -> tuple[str, str] | None:
    return (account.login, account.password) if account else None


def _told(answer: httpx2.Response) -> Told:
    answer.raise_for_status()
    return json.loads(answer.text.removeprefix(GUARD)) if answer.text else None


def _quoted(name: str) -> str:
    return quote(name, safe="")
