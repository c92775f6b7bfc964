"""Tasks as a Conduit tells them, and one that does anything else: what is not said to be public is private."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from structlog.testing import capture_logs

from tests.neighbours.conduits import SPACE, TOKEN, TRAIN, Phabricator, fields, phabricator, without
from tocsin.domain.change import Task, Verdict
from tocsin.domain.errors import Refused, TocsinError, Unreachable
from tocsin.domain.people import Directory, TeamId
from tocsin.neighbours.rotas.train import TrainRota, TrainSettings
from tocsin.neighbours.tasks.conduit import Conduit, ConduitSettings, Declined
from tocsin.neighbours.tasks.links import TaskLinks, TaskSettings
from tocsin.neighbours.tasks.phabricator import PhabricatorSettings, PhabricatorTasks

SITE = "https://tasks.example.org"


@pytest.fixture
def site() -> Iterator[Phabricator]:
    with phabricator() as served:
        served.tasks[1234] = fields()
        yield served


def tasks_of(
    site: Phabricator, token: str = TOKEN, seconds: float = 4.5, links: TaskSettings | None = None
) -> PhabricatorTasks:
    conduit = ConduitSettings(site.address, token)
    settings = PhabricatorSettings(conduit, frozenset({SPACE}))
    return PhabricatorTasks(settings, Conduit(conduit, seconds), TaskLinks(links or TaskSettings()))


# --- what it tells ----------------------------------------------------------------------------------------------------


async def test_a_task_is_told_with_title_status_and_priority(site: Phabricator) -> None:
    assert await tasks_of(site).task("T1234") == Task(
        "T1234",
        title="Painted pages are lost",
        public=Verdict.YES,
        url=f"{site.address}/T1234",
        status="open",
        priority="Unbreak Now!",
    )


@pytest.mark.parametrize("behind", ["/T1234", "/T1234#56789", "/t1234?x=1#2", "/T1234/"])
async def test_a_task_is_meant_by_its_address_too_and_keeps_the_name_it_was_called_by(
    site: Phabricator, behind: str
) -> None:
    told = await tasks_of(site).task(f"{site.address}{behind}")
    assert (told.id, told.title) == (f"{site.address}{behind}", "Painted pages are lost")
    assert told.url == f"{site.address}/T1234"


@pytest.mark.parametrize(
    "named",
    [
        f"{SITE}.evil.example/T1234",
        "https://elsewhere.example.org/T1234",
        "{site}/T1234x",
        "{site}/D1234",
        "{site}/T1234 T5",
        "{site}/../T1234",
        "T0",
        "1234",
    ],
)
async def test_what_is_no_task_there_is_not_known_and_nothing_is_asked(site: Phabricator, named: str) -> None:
    with pytest.raises(Unreachable, match="is not the name of a task here"):
        await tasks_of(site, links=TaskSettings(pattern="T[1-9][0-9]*")).task(named.format(site=site.address))
    assert site.asked == []


async def test_names_of_another_form_stay_plain_links(site: Phabricator) -> None:
    links = TaskSettings(pattern="T[0-9]+|GH-[0-9]+", url="https://other.example.org/{task}")
    told = await tasks_of(site, links=links).task("GH-12")
    assert told == Task("GH-12", public=Verdict.UNKNOWN, url="https://other.example.org/GH-12")
    assert site.asked == []


async def test_a_task_that_our_account_does_not_see_is_private_and_has_no_title(site: Phabricator) -> None:
    assert await tasks_of(site).task("T99") == Task("T99", public=Verdict.NO, url=f"{site.address}/T99")


@pytest.mark.parametrize(
    ("told", "public"),
    [
        (fields(), Verdict.YES),
        (without("custom.security_topic"), Verdict.YES),
        (fields(**{"custom.security_topic": None}), Verdict.YES),
        (fields(spacePHID=SPACE), Verdict.YES),
        (fields(spacePHID="PHID-SPCE-fewfewfewfewfewfewfe"), Verdict.NO),
        (fields(**{"custom.security_topic": "security-bug"}), Verdict.NO),
        (fields(policy={"view": "users"}), Verdict.NO),
        (fields(policy={"view": "PHID-PLCY-abcdefghijklmnopqrst"}), Verdict.NO),
        (without("policy"), Verdict.UNKNOWN),
        (fields(policy=None), Verdict.UNKNOWN),
        (fields(policy={"edit": "users"}), Verdict.UNKNOWN),
        (fields(policy={"view": ["public"]}), Verdict.UNKNOWN),
        (fields(policy="public"), Verdict.UNKNOWN),
        (fields(**{"custom.security_topic": ["default"]}), Verdict.UNKNOWN),
        (fields(spacePHID=7), Verdict.UNKNOWN),
    ],
)
async def test_a_task_is_public_only_where_everything_says_so(
    site: Phabricator, told: dict[str, Any], public: Verdict
) -> None:
    site.tasks[1234] = told
    assert (await tasks_of(site).task("T1234")).public is public


@pytest.mark.parametrize("key", ["name", "status", "priority"])
async def test_what_is_left_out_of_a_task_is_not_known(site: Phabricator, key: str) -> None:
    site.tasks[1234] = without(key)
    told = await tasks_of(site).task("T1234")
    assert (told.title == "", told.status == "", told.priority == "") == (
        key == "name",
        key == "status",
        key == "priority",
    )


# --- comments ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("named", ["T1234", "{site}/T1234#7"])
async def test_a_comment_stands_on_its_task_and_is_called_by_the_tasks_address(site: Phabricator, named: str) -> None:
    told = await tasks_of(site).comment(named.format(site=site.address), "E17 is done & proved: 100 %")
    assert told == f"{site.address}/T1234"
    assert site.comments == [("T1234", "E17 is done & proved: 100 %")]


async def test_a_task_that_takes_no_comment_from_us_refuses_it(site: Phabricator) -> None:
    site.read_only.add(1234)
    with pytest.raises(Refused, match=r"T1234 on 127.* takes no comment from us: let our account see and edit it\."):
        await tasks_of(site).comment("T1234", "done")


async def test_what_is_no_task_there_takes_no_comment_and_nothing_is_sent(site: Phabricator) -> None:
    with pytest.raises(Refused, match="GH-12 is no task on 127"):
        await tasks_of(site).comment("GH-12", "done")
    assert site.asked == []


async def test_a_comment_that_is_not_said_to_stand_there_is_no_success(site: Phabricator) -> None:
    site.tells("maniphest.edit", {"object": {"id": 1234}, "transactions": []})
    with pytest.raises(Unreachable, match="does not say that T1234 has the comment"):
        await tasks_of(site).comment("T1234", "done")


async def test_a_comment_that_fails_for_want_of_a_token_is_tried_again_some_day(site: Phabricator) -> None:
    with pytest.raises(Declined, match="does not take our token"):
        await tasks_of(site, token="api-another").comment("T1234", "done")


# --- what it must not do ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("ERR-INVALID-AUTH", "it does not take our token: make a new one there, and put it into token_file"),
        ("ERR-INVALID-SESSION", "it does not take our token"),
        ("ERR-INVALID-TOKEN", "it does not take our token"),
        ("ERR-USER-DISABLED", "the account of our token is disabled there"),
        ("ERR-CONDUIT-CALL", "it does not know what it was asked to do (maniphest.search: ERR-CONDUIT-CALL)"),
        ("ERR-CONDUIT-CORE", "it does not do what it was asked to (maniphest.search: ERR-CONDUIT-CORE)"),
        ("ERR-RATE-LIMIT", "it answered with an error (maniphest.search: ERR-RATE-LIMIT)"),
        ("ERR_SOMETHING", "it answered with an error (maniphest.search: ERR_SOMETHING)"),
        (f"ERR-{TOKEN}", "it answered with an error (maniphest.search)"),
        (f"ERR-{TOKEN.upper()}", "it answered with an error (maniphest.search)"),
        ("ERR \x1b[31m", "it answered with an error (maniphest.search)"),
        ("", "it answered with an error (maniphest.search)"),
        (7, "it answered with an error (maniphest.search)"),
        ({"api.token": TOKEN}, "it answered with an error (maniphest.search)"),
    ],
)
async def test_every_error_is_said_in_words_and_by_its_code_alone(site: Phabricator, code: object, words: str) -> None:
    site.errs("maniphest.search", code, f'API token "{TOKEN}" is wrong')
    with pytest.raises(Declined) as told:
        await tasks_of(site).task("T1234")
    assert words in str(told.value)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"<!doctype html><title>Login</title>", "something else than JSON"),
        (b'for(;;);{"result":{}}', "something else than JSON"),
        (b"[]", "no answer of Conduit's"),
        (b"{}", "no answer of Conduit's"),
        (b'{"result": {"data": []}}', "no answer of Conduit's"),
        (b'{"result": null, "error_code": null}', "no result of maniphest.search"),
        (b'{"result": [], "error_code": null}', "no result of maniphest.search"),
        (b'{"result": {}, "error_code": null}', "no list of maniphest.search"),
        (b'{"result": {"data": [1]}, "error_code": null}', "no list of maniphest.search"),
        (b'{"result": {"data": [{"id": 1234}]}, "error_code": null}', "no list of maniphest.search"),
        (b'{"result": {"data": [{"id": 7, "fields": {}}]}, "error_code": null}', "another task than was asked for"),
    ],
)
async def test_whatever_else_it_answers_is_no_answer(site: Phabricator, content: bytes, why: str) -> None:
    site.instead["maniphest.search"] = content
    with pytest.raises(Unreachable, match=why.replace(".", r"\.")):
        await tasks_of(site).task("T1234")


@pytest.mark.parametrize(
    "told", [{"name": 7}, {"name": ["x"]}, {"status": "open"}, {"status": {"name": 1}}, {"priority": [100]}]
)
async def test_what_is_told_in_another_shape_is_no_answer(site: Phabricator, told: dict[str, Any]) -> None:
    site.tasks[1234] = fields(**told)
    with pytest.raises(Unreachable, match=r"in a shape that we do not know \(no task of Maniphest's\)"):
        await tasks_of(site).task("T1234")


async def test_two_tasks_of_one_number_are_no_answer(site: Phabricator) -> None:
    row = {"id": 1234, "fields": fields()}
    site.tells("maniphest.search", {"data": [row, row]})
    with pytest.raises(Unreachable, match="another task than was asked for"):
        await tasks_of(site).task("T1234")


async def test_where_there_is_no_conduit_it_is_said_so(site: Phabricator) -> None:
    site.statuses["maniphest.search"] = 404
    with pytest.raises(Unreachable, match="there is no Conduit at its address"):
        await tasks_of(site).task("T1234")


async def test_one_that_hangs_is_waited_for_no_longer_than_it_may_take(site: Phabricator) -> None:
    site.seconds = 30
    with pytest.raises(Unreachable, match=r"did not answer within 0\.2 s"):
        await tasks_of(site, seconds=0.2).task("T1234")


def test_a_token_shows_nowhere() -> None:
    settings = PhabricatorSettings(ConduitSettings(SITE, TOKEN))
    assert TOKEN not in repr(settings)
    assert TOKEN not in repr(PhabricatorTasks(settings, Conduit(settings.conduit), TaskLinks(TaskSettings())))


async def test_the_token_is_sent_in_the_form_alone(site: Phabricator) -> None:
    await tasks_of(site).task("T1234")
    assert [TOKEN in body for body in site.bodies] == [True]
    assert not any(TOKEN in path for path in site.asked)


ECHO = f'API token "{TOKEN}" has the wrong length.'
PATHS = ["maniphest.search", "maniphest.edit", "user.search", TRAIN]
EVIL = {
    "an error that echoes it": json.dumps({"result": None, "error_code": "ERR-INVALID-AUTH", "error_info": ECHO}),
    "a refusal that echoes it": json.dumps({"result": None, "error_code": "ERR-CONDUIT-CORE", "error_info": ECHO}),
    "a code that is it": json.dumps({"result": None, "error_code": TOKEN, "error_info": TOKEN}),
    "a result that is it": json.dumps({"result": TOKEN, "error_code": None}),
    "a list that holds it": json.dumps({"result": {"data": [{"id": TOKEN, "fields": {}}]}, "error_code": None}),
    "a title that is it": json.dumps(
        {"result": {"data": [{"id": 1234, "fields": {"name": TOKEN}}]}, "error_code": None}
    ),
    "a train that is it": json.dumps({"current": {"task_id": TOKEN}}),
    "a name that is it": json.dumps(
        {"result": {"data": [{"phid": TOKEN, "fields": {"username": TOKEN}}]}, "error_code": None}
    ),
    "a page that shows it": f"<html>{ECHO}</html>",
    "words without shape": json.dumps({TOKEN: TOKEN}),
}


@pytest.mark.parametrize(
    ("evil", "status"), [*((each, 200) for each in EVIL), *(("a page that shows it", n) for n in (302, 401, 404, 500))]
)
@pytest.mark.parametrize("path", PATHS)
async def test_no_error_no_log_and_no_fact_ever_holds_the_token(
    site: Phabricator, path: str, evil: str, status: int
) -> None:
    """On no way that an answer can take: each question is asked, and everything that comes of it is looked through."""
    site.tasks[1234] = fields(ownerPHID="PHID-USER-x")
    site.train = {"current": {"task_id": "T1234"}}
    site.instead[path], site.statuses[path] = EVIL[evil].encode(), status
    tasks = tasks_of(site)
    train = TrainRota(TrainSettings(f"{site.address}{TRAIN}", TeamId("releng")), tasks.conduit, Directory())
    came: list[object] = []
    with capture_logs() as logged:
        for asking in (tasks.task("T1234"), tasks.comment("T1234", "done"), train.on_call(datetime.now(UTC))):
            try:
                came.append(await asking)
            except TocsinError as error:
                came += _all_of(error)
    assert len(came) >= 3
    assert TOKEN not in repr(came) and TOKEN not in repr(logged)


def _all_of(error: BaseException | None) -> list[object]:
    """Return an error with all that led to it, as a log would write it."""
    if error is None:
        return []
    return [repr(error), str(error), vars(error), *_all_of(error.__cause__), *_all_of(error.__context__)]
