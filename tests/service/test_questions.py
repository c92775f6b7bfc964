"""Questions: anyone may ask, nothing changes, and of a private request the public hears its id and state alone."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.domain.night import BEGIN, CHANGE, WIKI, WISH, verified
from tests.service.world import E1, World
from tocsin.domain.commands import MakePrivate
from tocsin.domain.commands.opening import Ask
from tocsin.domain.errors import UnknownRequest
from tocsin.domain.people import RequestId, Speaker, Surface
from tocsin.domain.schedule import Calendar, Window
from tocsin.service.handler import Act
from tocsin.service.questions import MOST_ON_IRC, QUESTIONS, Questions
from tocsin.storage.memory import MemoryStore

ANYBODY = Speaker("passer-by", Surface.IRC)
ON_CLI = Speaker("ada", Surface.CLI)


@pytest.fixture
def questions(world: World, store: MemoryStore) -> Questions:
    return Questions(world.requests, world.situations, world.clock, store)


async def asked(
    questions: Questions,
    verb: str,
    request: RequestId | None = None,
    words: str = "",
    speaker: Speaker = ANYBODY,
    private: bool = False,
) -> list[str]:
    return await questions.answer(verb, request, words, speaker, may_hear_private=private)


async def open_another(world: World) -> None:
    world.neighbours.known = replace(CHANGE, number=1300)
    await world.handler.handle(Act(verified("kim-releng"), Ask("help!", replace(WISH, named="1300"), "#ops")))


async def test_where_nothing_is_open_every_question_about_a_request_says_so(questions: Questions) -> None:
    for verb in ("list", "status", "who", "timeline", "report"):
        (line,) = await asked(questions, verb)
        assert line.startswith("Nothing is open. To ask for something: !emergency")


async def test_without_an_id_the_one_open_request_is_meant(world: World, questions: Questions) -> None:
    await world.ready()
    assert (await asked(questions, "status"))[0].startswith("E1 is ready, for 15 s now: 1234/3")
    assert (await asked(questions, "who"))[0].startswith("E1: requester: ada")
    assert (await asked(questions, "report"))[0].startswith("E1 is ready: 1234/3")
    assert (await asked(questions, "status")) == await asked(questions, "status", E1)


async def test_with_two_open_what_is_open_is_listed(world: World, questions: Questions) -> None:
    await world.ready()
    await open_another(world)
    for verb in ("list", "status", "who"):
        assert [line.split()[0] for line in await asked(questions, verb)] == ["E1", "E2"]


async def test_an_id_that_nobody_knows_is_said_to_be_unknown(world: World, questions: Questions) -> None:
    await world.ready()
    with pytest.raises(UnknownRequest, match=r"There is no request E99\. Open ones: !list"):
        await asked(questions, "status", RequestId("E99"))


@pytest.mark.parametrize("verb", ["status", "who", "timeline", "report"])
async def test_of_a_private_request_the_public_hears_its_id_and_state_alone(
    verb: str, world: World, questions: Questions
) -> None:
    await world.ready()
    await world.says("ada", MakePrivate())
    for request in (E1, None):
        assert await asked(questions, verb, request) == ["E1: ready (private)"]
    assert await asked(questions, "list") == ["E1: ready (private)"]
    assert "1234/3" in " ".join(await asked(questions, "status", E1, private=True))
    assert "1234/3" in (await asked(questions, "list", private=True))[0]


async def test_a_timeline_is_whole_on_the_command_line_and_its_end_on_irc(world: World, questions: Questions) -> None:
    await world.ready()
    whole = await asked(questions, "timeline", E1, speaker=ON_CLI)
    assert len(whole) == len(world.stored) > MOST_ON_IRC
    some = await asked(questions, "timeline", E1)
    assert some == [
        f"E1: the last {MOST_ON_IRC} of {len(whole)} events; all: tocsin request timeline E1",
        *whole[-MOST_ON_IRC:],
    ]


async def test_a_short_timeline_is_whole_everywhere(world: World, questions: Questions) -> None:
    await world.ready()
    await open_another(world)
    assert len(await asked(questions, "timeline", RequestId("E2"))) == len(
        await asked(questions, "timeline", RequestId("E2"), speaker=ON_CLI)
    )


async def test_now_and_next_tell_of_the_calendar_as_far_as_it_answered(world: World, questions: Questions) -> None:
    assert (await asked(questions, "now"))[0].startswith("The calendar is not known")
    await world.situations.refresh(BEGIN)
    for verb in ("now", "next", "nowandnext"):
        assert await asked(questions, verb) == ["No deployments scheduled for the foreseeable future!"]


async def test_windows_may_be_asked_for_by_what_they_take_and_a_word_that_no_window_knows_is_none(
    world: World, questions: Questions
) -> None:
    await world.ready()
    opens, ends = world.clock.now() + timedelta(hours=1), world.clock.now() + timedelta(hours=2)
    windows = (
        Window("config", opens, ends, takes=(str(WIKI),)),
        Window("train", opens, ends, takes=("branch",)),
    )
    world.situations._calendar = Calendar(windows)
    for words, told in (("", 2), ("please", 2), ("Branch", 1), (str(WIKI), 1)):
        assert len(await asked(questions, "next", words=words)) == told
    assert "config" in (await asked(questions, "next", E1))[0]
    assert len(await asked(questions, "next", E1)) == 1
    assert len(await asked(questions, "nowandnext")) == 3


async def test_of_a_private_request_the_target_is_not_given_away_by_its_windows(
    world: World, questions: Questions
) -> None:
    await world.ready()
    await world.says("ada", MakePrivate())
    opens, ends = world.clock.now() + timedelta(hours=1), world.clock.now() + timedelta(hours=2)
    windows = (Window("config", opens, ends, takes=(str(WIKI),)), Window("train", opens, ends, takes=("branch",)))
    world.situations._calendar = Calendar(windows)
    assert len(await asked(questions, "next", E1)) == 2
    assert len(await asked(questions, "next", E1, private=True)) == 1


async def test_help_needs_no_request(questions: Questions) -> None:
    assert (await asked(questions, "help"))[0].startswith("In an emergency: !emergency")
    assert (await asked(questions, "help", words="confirm"))[0].startswith("!confirm <id> <check word>")


async def test_a_link_is_said_only_where_there_is_a_page(world: World, questions: Questions) -> None:
    await world.ready()
    assert "https://" not in " ".join(await asked(questions, "status"))
    linked = replace(questions, public_url="https://tocsin.example.org")
    assert "https://tocsin.example.org/E1" in " ".join(await asked(linked, "status"))


async def test_asking_changes_nothing(world: World, questions: Questions) -> None:
    await world.ready()
    before = world.stored
    for verb in QUESTIONS:
        await asked(questions, verb)
    assert world.stored == before


class Split:
    """A bot on a network that is split."""

    warnings = ("the network is split", "the bot may not set the topic of #ops")

    def sentences(self) -> list[str]:
        return ["Connected to irc.example.org:6697."]


@pytest.mark.parametrize("verb", ["status", "list"])
async def test_whoever_asks_how_things_stand_is_told_when_nothing_counts(questions: Questions, verb: str) -> None:
    questions.bot = Split()
    assert (await asked(questions, verb))[-2:] == [
        "Take care: the network is split.",
        "Take care: the bot may not set the topic of #ops.",
    ]


async def test_how_the_bot_stands_is_told_and_where_there_is_none(questions: Questions) -> None:
    assert await asked(questions, "irc") == ["This installation is not on IRC: tocsin.toml has no [irc]."]
    questions.bot = Split()
    assert await asked(questions, "irc") == ["Connected to irc.example.org:6697."]
