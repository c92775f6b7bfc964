"""What later tests believe of Gerrit, asked of Gerrit itself; each test makes a project of its own."""

import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.gerrit.checkout import Checkout, Uploaded
from tests.gerrit.server import GUARD, Account, Gerrit

pytest_plugins = ["tests.gerrit.fixture"]
pytestmark = pytest.mark.gerrit

FULL = ("CURRENT_REVISION", "CURRENT_COMMIT", "CURRENT_FILES", "DETAILED_ACCOUNTS", "LABELS")
LISTENING = "0A"

numbers = count(1)


@pytest.fixture(scope="session")
def lin(gerrit: Gerrit) -> Account:
    return gerrit.add_account("lin", "Lin")


def status(gerrit: Gerrit, uploaded: Uploaded) -> str:
    return str(gerrit.change(uploaded.number)["status"])


def numbers_in(listed: list[dict[str, Any]], name: str = "_number") -> list[int]:
    return [each[name] for each in listed]


# How it answers, and whom.


def test_it_listens_on_loopback_for_the_web_and_for_ssh_and_nowhere_else(gerrit: Gerrit) -> None:
    port = int(gerrit.url.rsplit(":", 1)[1])
    assert set(listeners(gerrit.process_id)) == {("127.0.0.1", port), ("127.0.0.1", gerrit.ssh_port)}


def listeners(process_id: int) -> Iterator[tuple[str, int]]:
    """Read from the kernel on which addresses and ports a process listens, IPv4 in IPv6 as IPv4."""
    handles = {str(link.readlink()) for link in Path(f"/proc/{process_id}/fd").iterdir()}
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/{process_id}/net/{table}").read_text().splitlines()[1:]:
            words = line.split()
            if words[3] == LISTENING and f"socket:[{words[9]}]" in handles:
                host, port = words[1].split(":")
                yield _address(host), int(port, 16)


def _address(spelt: str) -> str:
    """Return the last word of an address, which the kernel spells from its lowest byte on."""
    plain = len(spelt) == 8 or spelt[:24] == "0000000000000000FFFF0000"
    return ".".join(str(each) for each in reversed(bytes.fromhex(spelt[-8:]))) if plain else spelt


def test_each_answer_has_a_guard_before_its_json(gerrit: Gerrit) -> None:
    assert gerrit.answer("/config/server/version").text.startswith(GUARD)


def test_an_account_is_read_by_its_own_password_and_by_no_other(gerrit: Gerrit, ada: Account) -> None:
    told = gerrit.read("/accounts/self", ada)
    assert (told["name"], told["email"], told["username"]) == ("Ada", ada.email, "ada")
    assert gerrit.answer("/accounts/self", Account("ada", "not-her-word")).status_code == 401


def test_a_change_of_a_private_project_is_not_found_by_who_is_not_signed_in(
    gerrit: Gerrit, ada: Account, tmp_path: Path
) -> None:
    name = f"private-{next(numbers)}"
    gerrit.add_private_project(name)
    hidden = Checkout(gerrit, name, ada, tmp_path / "hidden").upload("Mend in private", {"page": "one\n"})
    assert gerrit.change(hidden.number, account=ada)["status"] == "NEW"
    absent = gerrit.answer(f"/changes/{hidden.number}", account=None)
    assert (absent.status_code, absent.text.strip()) == (404, f"Not found: {hidden.number}")
    assert gerrit.answer(f"/projects/{name}", account=None).status_code == 404
    assert gerrit.read(f"/changes/?q=change:{hidden.number}", account=None) == []


def test_a_change_that_nobody_uploaded_is_not_found_in_the_same_words(gerrit: Gerrit) -> None:
    absent = gerrit.answer("/changes/999999", account=None)
    assert (absent.status_code, absent.text.strip()) == (404, "Not found: 999999")


# What it tells of a change.


def test_a_change_is_found_by_number_and_by_project_and_number_but_not_by_another_project(
    gerrit: Gerrit, project: str, uploaded: Uploaded
) -> None:
    named = f"{project.replace('/', '%2F')}~{uploaded.number}"
    assert gerrit.read(f"/changes/{named}", account=None)["_number"] == uploaded.number
    assert gerrit.answer(f"/changes/All-Projects~{uploaded.number}", account=None).status_code == 404


def test_each_patchset_is_a_ref_that_git_fetches_without_an_account(
    gerrit: Gerrit, project: str, clone: Checkout, uploaded: Uploaded
) -> None:
    ref = f"refs/changes/{uploaded.number % 100:02d}/{uploaded.number}/1"
    assert clone.run("ls-remote", f"{gerrit.url}/{project}", ref).split() == [uploaded.sha, ref]


def test_whoever_reads_the_project_reads_the_change_with_its_commit_and_people(
    gerrit: Gerrit, ada: Account, project: str, uploaded: Uploaded
) -> None:
    told = gerrit.change(uploaded.number, *FULL, account=None)
    assert (told["project"], told["branch"], told["status"]) == (project, "main", "NEW")
    assert (told["subject"], told["change_id"]) == ("Mend the page", uploaded.change_id)
    assert told["owner"]["username"] == "ada"
    assert told["current_revision"] == uploaded.sha
    assert told["current_revision_number"] == 1
    patchset = told["revisions"][uploaded.sha]
    assert (patchset["_number"], patchset["kind"], patchset["uploader"]["username"]) == (1, "REWORK", "ada")
    assert patchset["commit"]["author"]["email"] == ada.email
    assert re.search(rf"\nChange-Id: {uploaded.change_id}\n$", patchset["commit"]["message"])
    assert patchset["files"]["page"]["status"] == "A"
    assert patchset["files"]["page"]["lines_inserted"] == 2
    assert set(told["labels"]) == {"Code-Review", "Verified"}


def test_times_are_in_utc_and_name_no_zone(gerrit: Gerrit, uploaded: Uploaded) -> None:
    told = gerrit.change(uploaded.number)
    for name in ("created", "updated"):
        assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{9}", told[name])


def test_a_second_patchset_is_the_current_one_and_the_first_is_still_told(
    gerrit: Gerrit, clone: Checkout, uploaded: Uploaded
) -> None:
    again = clone.upload_again(uploaded, {"page": "one\ntwo\nthree\n"})
    told = gerrit.change(uploaded.number, "ALL_REVISIONS")
    assert again.number == uploaded.number
    assert told["current_revision"] == again.sha != uploaded.sha
    assert {sha: each["_number"] for sha, each in told["revisions"].items()} == {uploaded.sha: 1, again.sha: 2}


def test_votes_are_told_by_label_and_who_gave_them(
    gerrit: Gerrit, lin: Account, clone: Checkout, uploaded: Uploaded
) -> None:
    gerrit.vote(uploaded.number, lin, Code_Review=2, Verified=-1)
    labels = gerrit.change(uploaded.number, "LABELS", "DETAILED_ACCOUNTS")["labels"]
    assert labels["Code-Review"]["approved"]["username"] == "lin"
    assert labels["Verified"]["rejected"]["username"] == "lin"
    clone.upload_again(uploaded, {"page": "another\n"})
    labels = gerrit.change(uploaded.number, "LABELS")["labels"]
    assert not labels["Code-Review"].keys() & {"approved", "rejected"}


def test_a_change_on_top_of_another_is_told_with_it_from_the_top_down(
    gerrit: Gerrit, clone: Checkout, uploaded: Uploaded
) -> None:
    above = clone.upload("Mend more", {"page": "one\ntwo\nthree\n"})
    related = gerrit.read(f"/changes/{uploaded.number}/revisions/current/related")["changes"]
    assert numbers_in(related, "_change_number") == [above.number, uploaded.number]
    assert numbers_in(gerrit.read(f"/changes/{above.number}/submitted_together")) == [above.number, uploaded.number]
    assert gerrit.read(f"/changes/{uploaded.number}/submitted_together") == []


def test_of_a_chain_it_tells_which_patchset_each_stands_on(gerrit: Gerrit, clone: Checkout, uploaded: Uploaded) -> None:
    above = clone.upload("Mend more", {"page": "one\ntwo\nthree\n"})
    clone.upload_again(uploaded, {"page": "another\n"})
    listed = gerrit.read(f"/changes/{above.number}/revisions/current/related")["changes"]
    below = next(each for each in listed if each["_change_number"] == uploaded.number)
    assert (below["_revision_number"], below["_current_revision_number"]) == (1, 2)


def test_a_change_alone_has_no_related_ones(gerrit: Gerrit, uploaded: Uploaded) -> None:
    assert gerrit.read(f"/changes/{uploaded.number}/revisions/current/related") == {"changes": []}


def test_a_change_is_mergeable_until_another_has_changed_the_same_lines(
    gerrit: Gerrit, clone: Checkout, uploaded: Uploaded
) -> None:
    clone.begin()
    rival = clone.upload("Mend it otherwise", {"page": "else\n"})
    path = f"/changes/{uploaded.number}/revisions/current/mergeable"
    assert gerrit.read(path)["mergeable"] is True
    gerrit.approve(rival.number)
    gerrit.submit(rival.number)
    assert gerrit.read(path)["mergeable"] is False


def test_work_in_progress_is_told_only_while_it_lasts(gerrit: Gerrit, uploaded: Uploaded) -> None:
    gerrit.set_work_in_progress(uploaded.number)
    assert gerrit.change(uploaded.number)["work_in_progress"] is True
    gerrit.set_ready(uploaded.number)
    assert "work_in_progress" not in gerrit.change(uploaded.number)


def test_an_abandoned_change_says_so_and_can_be_restored(gerrit: Gerrit, uploaded: Uploaded) -> None:
    gerrit.abandon(uploaded.number)
    assert status(gerrit, uploaded) == "ABANDONED"
    gerrit.restore(uploaded.number)
    assert status(gerrit, uploaded) == "NEW"


def test_a_topic_is_told_and_finds_the_changes_under_it(gerrit: Gerrit, clone: Checkout, uploaded: Uploaded) -> None:
    topic = f"mending-{uploaded.number}"
    gerrit.set_topic(uploaded.number, topic)
    assert gerrit.change(uploaded.number)["topic"] == topic
    assert numbers_in(gerrit.read(f"/changes/?q=topic:{topic}")) == [uploaded.number]


# What becomes of it.


def test_without_its_votes_a_change_is_not_merged(gerrit: Gerrit, lin: Account, uploaded: Uploaded) -> None:
    gerrit.vote(uploaded.number, lin, Code_Review=2)
    with pytest.raises(httpx2.HTTPStatusError) as refused:
        gerrit.submit(uploaded.number)
    assert refused.value.response.status_code == 409
    assert status(gerrit, uploaded) == "NEW"


def test_a_change_that_stands_on_main_is_merged_as_the_very_commit_that_was_reviewed(
    gerrit: Gerrit, project: str, uploaded: Uploaded
) -> None:
    gerrit.approve(uploaded.number)
    gerrit.submit(uploaded.number)
    told = gerrit.change(uploaded.number, "CURRENT_REVISION")
    assert (told["status"], told["current_revision"]) == ("MERGED", uploaded.sha)
    assert (told["submitter"]["_account_id"], "submitted" in told) == (
        gerrit.read("/accounts/self")["_account_id"],
        True,
    )
    assert gerrit.head(project) == uploaded.sha


def test_a_change_beside_one_that_was_merged_first_is_merged_by_a_commit_that_is_no_patchset(
    gerrit: Gerrit, project: str, clone: Checkout, uploaded: Uploaded
) -> None:
    clone.begin()
    beside = clone.upload("Add another page", {"other": "one\n"})
    for each in (uploaded, beside):
        gerrit.approve(each.number)
        gerrit.submit(each.number)
    told = gerrit.change(beside.number, "CURRENT_REVISION")
    assert (told["status"], told["current_revision"]) == ("MERGED", beside.sha)
    assert gerrit.head(project) not in (beside.sha, uploaded.sha)
    clone.begin()
    assert clone.run("rev-parse", "HEAD^1", "HEAD^2").split() == [uploaded.sha, beside.sha]


@pytest.mark.parametrize("submit_type", ["CHERRY_PICK", "REBASE_ALWAYS"])
def test_where_merging_makes_a_commit_anew_that_is_one_more_patchset_and_the_current_one(
    gerrit: Gerrit, ada: Account, tmp_path: Path, submit_type: str
) -> None:
    name = f"anew-{next(numbers)}"
    gerrit.add_project(name, submit_type)
    reviewed = Checkout(gerrit, name, ada, tmp_path / "anew").upload("Mend the page", {"page": "one\n"})
    gerrit.approve(reviewed.number)
    gerrit.submit(reviewed.number)
    told = gerrit.change(reviewed.number, "ALL_REVISIONS")
    assert (told["status"], told["current_revision"]) == ("MERGED", gerrit.head(name))
    assert told["revisions"][reviewed.sha]["_number"] == 1
    assert told["revisions"][gerrit.head(name)]["_number"] == 2


def test_submitting_a_change_merges_those_below_it_too(gerrit: Gerrit, clone: Checkout, uploaded: Uploaded) -> None:
    above = clone.upload("Mend more", {"page": "one\ntwo\nthree\n"})
    for each in (uploaded, above):
        gerrit.approve(each.number)
    gerrit.submit(above.number)
    assert (status(gerrit, uploaded), status(gerrit, above)) == ("MERGED", "MERGED")


def test_a_revert_is_a_change_that_names_the_commit_it_takes_back(gerrit: Gerrit, uploaded: Uploaded) -> None:
    gerrit.approve(uploaded.number)
    gerrit.submit(uploaded.number)
    told = gerrit.change(gerrit.revert(uploaded.number), "CURRENT_REVISION", "CURRENT_COMMIT", "CURRENT_FILES")
    assert (told["status"], told["revert_of"]) == ("NEW", uploaded.number)
    assert told["subject"] == 'Revert "Mend the page"'
    patchset = told["revisions"][told["current_revision"]]
    assert f"This reverts commit {uploaded.sha}." in patchset["commit"]["message"]
    assert patchset["files"]["page"]["status"] == "D"
