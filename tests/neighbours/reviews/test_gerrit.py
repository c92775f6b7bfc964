"""A Gerrit that answers as documented, and one that does anything else: what it leaves out is unknown."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.neighbours.sites import Answer, Site, site
from tocsin.domain.change import Change, ChangeStatus, Size, Verdict
from tocsin.domain.errors import Refused, Unreachable
from tocsin.domain.people import PersonId
from tocsin.neighbours.asking.web import LARGEST_ANSWER_BYTES, SignIn
from tocsin.neighbours.reviews.gerrit import GerritReviews, GerritSettings
from tocsin.neighbours.reviews.gerrit_naming import meant

SHA = "8f3ac21" + "0" * 33
GERRIT = "https://gerrit.example.org/r"
PEOPLE = {"lin@example.org": PersonId("lin"), "ada@example.org": PersonId("ada")}
QUERY = "/changes/?q="
PLACE = "/changes/operations%2Fconfig~1234/"


def info(**other: object) -> dict[str, object]:
    """Return a change as Gerrit tells it, with some parts otherwise."""
    commit = {
        "author": {"name": "Lin", "email": "lin@example.org"},
        "message": "Mend it\n\nBug: T1234\nDepends-On: I0123\n",
    }
    files = {"/COMMIT_MSG": {"lines_inserted": 9}, "a.php": {"lines_inserted": 2, "lines_deleted": 1}, "b.png": {}}
    revision = {"_number": 3, "uploader": {"_account_id": 1, "email": "ada@example.org"}, "commit": commit}
    told = {
        "_number": 1234,
        "project": "operations/config",
        "branch": "main",
        "subject": "Mend it",
        "status": "NEW",
        "owner": {"_account_id": 2},
        "current_revision": SHA,
        "revisions": {SHA: {**revision, "files": files}},
        "labels": {"Verified": {"approved": {"_account_id": 3}}, "Code-Review": {}},
    }
    return {**told, **other}


@pytest.fixture
def gerrit() -> Iterator[Site]:
    with site() as served:
        served.says(QUERY, [info()])
        served.says(f"{PLACE}revisions/{SHA}/related", {"changes": []})
        served.says(f"{PLACE}submitted_together", {"changes": [], "non_visible_changes": 0})
        served.says(f"{PLACE}revisions/{SHA}/mergeable", {"mergeable": True})
        yield served


def reviews(gerrit: Site, sign_in: SignIn | None = None, seconds: float = 5.0) -> GerritReviews:
    return GerritReviews(GerritSettings(gerrit.address, sign_in), PEOPLE.get, seconds)


async def asked(gerrit: Site, named: str = "1234", sign_in: SignIn | None = None) -> Change:
    return await reviews(gerrit, sign_in).change(named)


# --- what people write ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "named",
    [
        "1234",
        "1234/3",
        f"{GERRIT}/1234",
        f"{GERRIT}/1234/",
        f"{GERRIT}/c/1234",
        f"{GERRIT}/c/operations/config/+/1234",
        f"{GERRIT}/c/operations/config/+/1234/3",
        f"{GERRIT}/c/operations%2Fconfig/+/1234/3/wmf-config/a.php#17",
        f"{GERRIT}/#/c/1234/",
        f"{GERRIT}/+/1234/3",
        "http://gerrit.example.org/r/1234",
    ],
)
def test_a_change_is_named_by_its_number_or_any_address_of_it(named: str) -> None:
    assert meant(named, GERRIT) == "1234"


def test_a_change_is_named_by_its_change_id() -> None:
    assert meant("I" + "0a" * 20, GERRIT) == "I" + "0a" * 20


@pytest.mark.parametrize(
    "named",
    [
        "T1234",
        "0",
        "1234x",
        "https://elsewhere.example.org/r/1234",
        "https://gerrit.example.org.evil.example/r/1234",
        "",
    ],
)
def test_what_is_no_change_there_is_refused_and_nothing_is_asked(named: str) -> None:
    with pytest.raises(Refused, match=r"is no change of https://gerrit.example.org/r: say its number, such as 1234"):
        meant(named, GERRIT)


# --- what it tells ----------------------------------------------------------------------------------------------------


async def test_a_change_is_told_with_all_that_is_known(gerrit: Site) -> None:
    assert await asked(gerrit) == Change(
        number=1234,
        patchset=3,
        sha=SHA,
        project="operations/config",
        branch="main",
        subject="Mend it",
        authors=frozenset({PersonId("lin"), PersonId("ada")}),
        author_name="Lin",
        ci=Verdict.YES,
        mergeable=Verdict.YES,
        size=Size(files=2, added=2, removed=1),
        brings=("I0123",),
        public=Verdict.YES,
        url=f"{gerrit.address}/c/operations/config/+/1234",
    )


@pytest.mark.parametrize(
    ("other", "status"),
    [
        ({"status": "MERGED"}, ChangeStatus.MERGED),
        ({"status": "ABANDONED"}, ChangeStatus.ABANDONED),
        ({"work_in_progress": True}, ChangeStatus.WORK_IN_PROGRESS),
        ({"labels": {"Code-Review": {"rejected": {}, "blocking": True}}}, ChangeStatus.BLOCKED),
        (
            {"labels": {"Code-Review": {"rejected": {}, "values": {"-2": "No", " 0": "", "+2": "Yes"}}}},
            ChangeStatus.BLOCKED,
        ),
        ({"labels": {"Style": {"rejected": {}, "values": {"-1": "No", " 0": "", "+1": "Yes"}}}}, ChangeStatus.OPEN),
    ],
)
async def test_how_a_change_stands_is_told(gerrit: Site, other: dict[str, Any], status: ChangeStatus) -> None:
    gerrit.says(QUERY, [info(**other)])
    told = await asked(gerrit)
    assert told.status is status
    assert told.merged_as == (SHA if status is ChangeStatus.MERGED else "")


@pytest.mark.parametrize(
    ("labels", "verdict"),
    [({}, Verdict.UNKNOWN), ({"Verified": {}}, Verdict.UNKNOWN), ({"Verified": {"rejected": {}}}, Verdict.NO)],
)
async def test_what_ci_did_not_say_is_unknown(gerrit: Site, labels: dict[str, Any], verdict: Verdict) -> None:
    gerrit.says(QUERY, [info(labels=labels)])
    assert (await asked(gerrit)).ci is verdict


async def test_without_a_word_on_merging_it_is_unknown(gerrit: Site) -> None:
    del gerrit.answers[f"{PLACE}revisions/{SHA}/mergeable"]
    assert (await asked(gerrit)).mergeable is Verdict.UNKNOWN


async def test_what_else_goes_live_with_it_is_told(gerrit: Site) -> None:
    chain = [(1240, 1, "NEW"), (1234, 3, "NEW"), (1230, 2, "NEW"), (1220, 5, "MERGED")]
    related = [{"_change_number": n, "_revision_number": ps, "status": status} for n, ps, status in chain]
    gerrit.says(f"{PLACE}revisions/{SHA}/related", {"changes": related})
    together = [info(), info(_number=1230), info(_number=1250)]
    gerrit.says(f"{PLACE}submitted_together", {"changes": together, "non_visible_changes": 2})
    assert (await asked(gerrit)).brings == ("2 hidden from tocsin", "1230/2", "1250", "I0123")


async def test_whether_the_public_may_read_it_is_found_out_by_asking_as_the_public(gerrit: Site) -> None:
    me = SignIn("tocsin", "open-sesame")
    assert (await asked(gerrit, sign_in=me)).public is Verdict.YES
    assert gerrit.signed_in == []
    for path in list(gerrit.answers):
        gerrit.answers[f"/a{path}"] = gerrit.answers.pop(path)
    gerrit.says(QUERY, [])
    assert (await asked(gerrit, sign_in=me)).public is Verdict.NO
    assert gerrit.signed_in


# --- what it must not do ----------------------------------------------------------------------------------------------


async def test_a_change_that_is_not_shown_is_refused(gerrit: Site) -> None:
    gerrit.says(QUERY, [])
    with pytest.raises(Refused, match=r"There is no change 1234 on .* that tocsin may read"):
        await asked(gerrit)


async def test_a_change_id_of_several_branches_is_asked_about(gerrit: Site) -> None:
    gerrit.says(QUERY, [info(), info(_number=1235, branch="wmf/1.47")])
    with pytest.raises(Refused, match=r"say the number of one: 1234 for main, 1235 for wmf/1.47"):
        await asked(gerrit, "I" + "0" * 40)


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (Answer(b"<html>Sign in"), "something else than its own JSON"),
        (Answer(b")]}'\n[{"), "something else than JSON"),
        (Answer(b")]}'\n" + b"[" * 100_000), "something else than JSON"),
        (Answer(b'[{"_number": 1}]'), "something else than its own JSON"),
        (Answer(b")]}'\n{}"), "no list of changes"),
        (Answer(b")]}'\n[1]"), "in a shape that we do not know"),
        (Answer(b")]}'\n[{}]"), "in a shape that we do not know"),
        (Answer(b"", 500), "it answered 500"),
        (Answer(b"", 401), "does not take our user name and password"),
        (Answer(b"", 302, (("Location", "http://127.0.0.1:9/"),)), "leads elsewhere, and is not followed"),
        (Answer(b")]}'\n" + b" " * (LARGEST_ANSWER_BYTES + 1)), "longer than 4 MiB"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
async def test_whatever_else_it_answers_is_no_answer(gerrit: Site, answer: Answer, why: str) -> None:
    gerrit.answers[QUERY] = answer
    with pytest.raises((Unreachable, Refused), match=re.escape(why)):
        await asked(gerrit)


async def test_one_that_hangs_is_waited_for_no_longer_than_it_may_take(gerrit: Site) -> None:
    gerrit.answers[QUERY] = Answer(b")]}'\n[]", seconds=30)
    with pytest.raises(Unreachable, match=r"did not answer within 0\.2 s"):
        await reviews(gerrit, seconds=0.2).change("1234")


async def test_one_that_is_not_there_is_named() -> None:
    gone = GerritReviews(GerritSettings("http://127.0.0.1:9"), PEOPLE.get)
    with pytest.raises(Unreachable, match=r"127.0.0.1:9: could not be fetched: ConnectError"):
        await gone.change("1234")


@pytest.mark.parametrize("missing", ["related", "submitted_together"])
async def test_without_knowing_what_else_goes_live_there_is_no_answer(gerrit: Site, missing: str) -> None:
    [path] = [path for path in gerrit.answers if path.endswith(missing)]
    del gerrit.answers[path]
    with pytest.raises(Unreachable, match="does not tell what else would go live"):
        await asked(gerrit)


def test_a_password_shows_nowhere() -> None:
    settings = GerritSettings(GERRIT, SignIn("tocsin", "open-sesame"))
    assert "open-sesame" not in repr(settings)
