"""What is written to a Gerrit: at the very sha or not at all, and done only where Gerrit says so."""

import json
import re
from collections.abc import Awaitable, Callable, Iterator

import pytest

from tests.neighbours.sites import Answer, Site, site
from tocsin.domain.errors import Refused, Unreachable
from tocsin.neighbours.asking.web import LONGEST_NO, SignIn
from tocsin.neighbours.reviews.gerrit import GerritSettings
from tocsin.neighbours.reviews.gerrit_writing import TAG, GerritWriter, writer

SHA = "8f3ac21" + "0" * 33
OTHER = "b" * 40
ME = SignIn("tocsin", "open-sesame")
ASKED = "/a/changes/1234?"
PLACE = "/a/changes/operations%2Fconfig~1234"
REVIEW = f"{PLACE}/revisions/{SHA}/review"
SUBMIT = f"{PLACE}/revisions/{SHA}/submit"
PICK = f"{PLACE}/revisions/{SHA}/cherrypick"
REVERT = f"{PLACE}/revert"
PLAIN = (("Content-Type", "text/plain;charset=utf-8"),)


def change(status: str = "NEW", sha: str = SHA, **other: object) -> dict[str, object]:
    told = {"project": "operations/config", "_number": 1234, "status": status, "current_revision": sha}
    return {**told, "revisions": {sha: {"_number": 3}}, **other}


def no(text: str, status: int = 409) -> Answer:
    return Answer(text.encode(), status, PLAIN)


@pytest.fixture
def gerrit() -> Iterator[Site]:
    with site() as served:
        served.says(ASKED, change())
        served.says(REVIEW, {"labels": {"Code-Review": 2}})
        served.says(PICK, {"project": "operations/config", "_number": 1240, "status": "NEW"})
        served.says(REVERT, {"project": "operations/config", "_number": 1241, "status": "NEW"})
        yield served


def to(gerrit: Site, request: str = "", seconds: float = 10.0) -> GerritWriter:
    return GerritWriter(GerritSettings(gerrit.address, ME, write=True), request, seconds)


def sent(gerrit: Site) -> list[tuple[str, object]]:
    return [(path, json.loads(body)) for path, body in gerrit.sent]


Deed = Callable[[GerritWriter], Awaitable[str]]
DEEDS: dict[str, Deed] = {
    "vote": lambda writer: writer.vote("1234", SHA, "Code-Review", 2),
    "submit": lambda writer: writer.submit("1234", SHA),
    "cherry-pick": lambda writer: writer.cherry_pick("1234", SHA, "wmf"),
    "revert": lambda writer: writer.revert("1234", SHA),
}
every_deed = pytest.mark.parametrize("deed", DEEDS.values(), ids=DEEDS.keys())

# --- what is done -----------------------------------------------------------------------------------------------------


async def test_a_vote_names_the_sha_and_the_request(gerrit: Site) -> None:
    said = await to(gerrit, "E17").vote("1234", SHA, "Code-Review", 2)
    assert said == "1234/3 has Code-Review +2 from tocsin, on 8f3ac21."
    assert sent(gerrit) == [(REVIEW, {"tag": TAG, "message": "E17", "labels": {"Code-Review": 2}})]


async def test_a_vote_without_a_request_says_nothing_more(gerrit: Site) -> None:
    gerrit.says(REVIEW, {"labels": {"Code-Review": -1}})
    assert "Code-Review -1" in await to(gerrit).vote("1234/3", SHA, "Code-Review", -1)
    assert sent(gerrit) == [(REVIEW, {"tag": TAG, "labels": {"Code-Review": -1}})]


@pytest.mark.parametrize("told", [{"labels": {}}, {}, [], {"labels": {"Code-Review": 1}}, {"labels": [2]}, None])
async def test_a_vote_that_gerrit_passes_over_is_not_called_given(gerrit: Site, told: object) -> None:
    gerrit.says(REVIEW, told)
    with pytest.raises(Refused, match=r"did not take Code-Review \+2 on 1234/3: there is no such label"):
        await to(gerrit).vote("1234", SHA, "Code-Review", 2)


async def test_a_change_is_merged_by_its_sha_and_looked_at_again(gerrit: Site) -> None:
    gerrit.says(SUBMIT, change("MERGED"))
    gerrit.turns(ASKED, change(), change("MERGED"))
    assert await to(gerrit, "E17").submit("1234", SHA) == "1234/3 is merged, as 8f3ac21."
    assert sent(gerrit) == [(SUBMIT, {}), (REVIEW, {"tag": TAG, "message": "E17: merged"})]


async def test_what_merging_made_a_commit_of_its_own_of_is_named(gerrit: Site) -> None:
    gerrit.says(SUBMIT, change("MERGED"))
    gerrit.turns(ASKED, change(), change("MERGED", OTHER))
    assert (
        await to(gerrit).submit("1234", SHA) == "1234/3 is merged, as bbbbbbb, a commit that merging made of 8f3ac21."
    )


async def test_what_is_merged_already_as_that_sha_is_done(gerrit: Site) -> None:
    gerrit.says(ASKED, change("MERGED"))
    assert await to(gerrit).submit("1234", SHA) == "1234/3 was merged already, as 8f3ac21: nothing was left to do."
    assert gerrit.sent == []


async def test_a_merge_that_gerrit_took_and_has_not_made_is_not_called_done(gerrit: Site) -> None:
    gerrit.says(SUBMIT, change())
    with pytest.raises(Refused, match=r"1234/3 is not merged yet: http.*/c/operations/config/\+/1234 says what"):
        await to(gerrit).submit("1234", SHA)


async def test_a_merge_whose_answer_is_lost_is_looked_for(gerrit: Site) -> None:
    gerrit.answers[SUBMIT] = Answer(b"", 502)
    gerrit.turns(ASKED, change(), change("MERGED"))
    assert await to(gerrit).submit("1234", SHA) == "1234/3 is merged, as 8f3ac21."


@pytest.mark.parametrize("after", [change(), change("MERGED", OTHER)])
async def test_a_merge_whose_answer_is_lost_and_that_is_not_seen_may_have_been_made(
    gerrit: Site, after: dict[str, object]
) -> None:
    gerrit.answers[SUBMIT] = Answer(b"", 502)
    gerrit.turns(ASKED, change(), after)
    with pytest.raises(Unreachable, match="it answered 502; it may have been done all the same"):
        await to(gerrit).submit("1234", SHA)


async def test_a_cherry_pick_names_sha_and_branch_and_says_what_it_made(gerrit: Site) -> None:
    said = await to(gerrit, "E17").cherry_pick("1234", SHA, "wmf/1.47")
    assert said == f"1240 for wmf/1.47 is 1234 at 8f3ac21: {gerrit.address}/c/operations/config/+/1240"
    message = {"tag": TAG, "message": "E17: cherry-picked to wmf/1.47 as 1240"}
    assert sent(gerrit) == [(PICK, {"destination": "wmf/1.47"}), (REVIEW, message)]


async def test_a_revert_says_what_it_made(gerrit: Site) -> None:
    gerrit.says(ASKED, change("MERGED"))
    said = await to(gerrit, "E17").revert("1234", SHA)
    assert said == f"1241 reverts 1234/3 (8f3ac21): {gerrit.address}/c/operations/config/+/1241"
    assert sent(gerrit) == [(REVERT, {}), (REVIEW, {"tag": TAG, "message": "E17: reverted by 1241"})]


async def test_a_word_that_cannot_be_left_undoes_nothing(gerrit: Site) -> None:
    gerrit.says(ASKED, change("MERGED"))
    gerrit.answers[REVIEW] = no("not permitted", 403)
    said = await to(gerrit, "E17").revert("1234", SHA)
    assert said.endswith("/1241 (No message about E17 could be left there.)")


# --- what is not done -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("deed", [DEEDS[name] for name in ("vote", "submit", "revert")])
@pytest.mark.parametrize(("status", "what"), [("NEW", "is now at"), ("MERGED", "was merged as")])
async def test_of_a_change_that_is_at_another_sha_nothing_is_done(
    gerrit: Site, deed: Deed, status: str, what: str
) -> None:
    gerrit.says(ASKED, change(status, OTHER))
    with pytest.raises(Refused, match=f"1234 {what} bbbbbbbbbbbb .1234/3., and not 8f3ac2100000: nothing was done"):
        await deed(to(gerrit))
    assert gerrit.sent == []


@pytest.mark.parametrize("sha", ["current", "3", "8f3ac21", "", SHA.upper(), SHA + "0", f"{SHA}\n"])
async def test_what_is_no_whole_sha_is_refused_before_anything_is_asked(gerrit: Site, sha: str) -> None:
    for refused in (to(gerrit).submit("1234", sha), to(gerrit).cherry_pick("1234", sha, "wmf")):
        with pytest.raises(Refused, match="is no whole sha, of 40 characters"):
            await refused
    assert gerrit.asked == []


@pytest.mark.parametrize("status", ["NEW", "ABANDONED"])
async def test_what_is_not_merged_is_not_reverted(gerrit: Site, status: str) -> None:
    gerrit.says(ASKED, change(status))
    with pytest.raises(Refused, match=rf"1234/3 is not merged \({status}\): there is nothing to revert"):
        await to(gerrit).revert("1234", SHA)
    assert gerrit.sent == []


async def test_a_newer_patchset_in_the_last_moment_is_told_in_gerrits_words(gerrit: Site) -> None:
    gerrit.answers[SUBMIT] = no(f"revision {SHA} is not current revision\n")
    with pytest.raises(Refused, match=rf"said no to 1234 \(409\): revision {SHA} is not current revision. Nothing"):
        await to(gerrit).submit("1234", SHA)


async def test_who_may_not_is_told_so(gerrit: Site) -> None:
    gerrit.answers[SUBMIT] = no("submit not permitted\n", 403)
    with pytest.raises(Refused, match=r"tocsin may not do that with 1234 on .*: submit not permitted. Give it the"):
        await to(gerrit).submit("1234", SHA)


async def test_a_patchset_that_is_not_of_the_change_is_not_there(gerrit: Site) -> None:
    gerrit.answers[PICK] = no(f"Not found: {SHA}\n", 404)
    with pytest.raises(Refused, match="1234 has no such patchset"):
        await to(gerrit).cherry_pick("1234", SHA, "wmf")


@every_deed
async def test_a_change_that_is_not_shown_is_refused(gerrit: Site, deed: Deed) -> None:
    del gerrit.answers[ASKED]
    with pytest.raises(Refused, match=r"There is no change 1234 on .* that tocsin may read"):
        await deed(to(gerrit))
    assert gerrit.sent == []


async def test_a_long_no_is_cut_and_holds_nothing_that_cannot_be_seen(gerrit: Site) -> None:
    gerrit.answers[SUBMIT] = no("\x1b[31mno\n\n" + "x" * 100_000)
    with pytest.raises(Refused) as refused:
        await to(gerrit).submit("1234", SHA)
    assert str(refused.value).isprintable()
    assert len(str(refused.value)) < LONGEST_NO + 200


async def test_a_page_of_a_server_in_between_is_not_repeated(gerrit: Site) -> None:
    gerrit.answers[SUBMIT] = Answer(b"<html>blocked</html>", 429, (("Content-Type", "text/html"),))
    with pytest.raises(Refused, match=r"said no to 1234 \(429\)\. Nothing was done\."):
        await to(gerrit).submit("1234", SHA)


@every_deed
@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (Answer(b"", 401), "does not take our user name and password"),
        (Answer(b"", 302, (("Location", "http://127.0.0.1:9/"),)), "leads elsewhere, and is not followed"),
        (Answer(b"", 500), "it answered 500"),
        (Answer(b")]}'\n[]"), "in a shape that we do not know"),
        (Answer(b")]}'\n{}"), "in a shape that we do not know"),
        (Answer(b"<html>"), "something else than its own JSON"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
async def test_whatever_else_it_answers_first_is_no_answer_and_nothing_is_sent(
    gerrit: Site, deed: Deed, answer: Answer, why: str
) -> None:
    gerrit.answers[ASKED] = answer
    with pytest.raises(Unreachable, match=re.escape(why)):
        await deed(to(gerrit))
    assert gerrit.sent == []


@pytest.mark.parametrize(("name", "path"), [("cherry-pick", PICK), ("revert", REVERT)])
@pytest.mark.parametrize("answer", [Answer(b")]}'\n{}"), Answer(b")]}'\n[]"), Answer(b""), Answer(b"", 503)])
async def test_what_may_have_been_made_is_not_called_undone(gerrit: Site, name: str, path: str, answer: Answer) -> None:
    gerrit.says(ASKED, change("MERGED"))
    gerrit.answers[path] = answer
    with pytest.raises(Unreachable, match="it may have been done all the same: look at the change before it is tried"):
        await DEEDS[name](to(gerrit))


async def test_one_that_hangs_is_waited_for_no_longer_than_it_may_take(gerrit: Site) -> None:
    gerrit.answers[REVIEW] = Answer(b")]}'\n{}", seconds=30)
    with pytest.raises(Unreachable, match=r"did not answer within 0\.5 s; it may have been done all the same"):
        await to(gerrit, seconds=0.5).vote("1234", SHA, "Code-Review", 2)


@every_deed
async def test_the_password_is_sent_to_the_site_and_said_nowhere(gerrit: Site, deed: Deed) -> None:
    gerrit.says(ASKED, change("MERGED"))
    for path in (REVIEW, PICK, REVERT):
        gerrit.answers[path] = no("no", 403)
    assert "open-sesame" not in repr(to(gerrit))
    try:
        said = await deed(to(gerrit))
    except Refused as refused:
        said = str(refused)
    assert "open-sesame" not in said
    assert len(gerrit.signed_in) == len(gerrit.asked)


# --- where it is allowed ----------------------------------------------------------------------------------------------

READ_ONLY = GerritSettings("https://a.example.org", ME)
ONE = GerritSettings("https://b.example.org/r", ME, write=True)
TWO = GerritSettings("https://c.example.org", ME, write=True)


@pytest.mark.parametrize(
    ("site", "named"), [("", ONE), ("https://b.example.org/r", ONE), ("https://b.example.org/r/", ONE)]
)
def test_the_one_that_may_be_written_to_is_meant(site: str, named: GerritSettings) -> None:
    assert writer((READ_ONLY, ONE), site, "E17") == GerritWriter(named, "E17")


def test_of_several_it_must_be_said_which() -> None:
    with pytest.raises(Refused, match=r"say which, with --site https://b.example.org/r or https://c.example.org"):
        writer((ONE, TWO))
    assert writer((ONE, TWO), "https://c.example.org").settings == TWO


@pytest.mark.parametrize("gerrits", [(), (READ_ONLY,), (GerritSettings("https://d.example.org", write=True),)])
def test_where_none_may_be_written_to_it_is_said_what_to_set(gerrits: tuple[GerritSettings, ...]) -> None:
    with pytest.raises(Refused, match=r"set write = true under \[\[gerrit\]\] in tocsin.toml, with user"):
        writer(gerrits)


def test_a_site_that_is_only_read_is_not_written_to_by_naming_it() -> None:
    with pytest.raises(Refused, match="Nothing is written to Gerrit here"):
        writer((READ_ONLY, ONE), READ_ONLY.site)


def test_a_site_that_nobody_configured_is_refused() -> None:
    with pytest.raises(Refused, match=r"There is no \[\[gerrit\]\] with site = https://x.example.org"):
        writer((ONE,), "https://x.example.org")
