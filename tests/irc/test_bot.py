"""The bot among people: what counts, what is answered, and what nobody hears of."""

import asyncio
import gc
from datetime import timedelta

import pytest

from tests.irc.night_shift import OPS, PRIVATE, NightShift, OnTheWire, to
from tests.irc.talking import Talk
from tocsin.domain import events as e
from tocsin.domain.change import Verdict
from tocsin.domain.people import PersonId
from tocsin.domain.request import Status
from tocsin.irc.acting import UNCOUNTED_A_MINUTE
from tocsin.irc.authority import Doubt
from tocsin.irc.bot import MOST_OF_ONE, TOO_MUCH
from tocsin.irc.events import (
    AccountChanged,
    Arrived,
    ChannelLost,
    Degraded,
    Departed,
    Departure,
    Disconnected,
    Echoed,
    Recovered,
    RegistrationTold,
    SplitBegan,
    TopicChanged,
    WentAway,
)
from tocsin.irc.obstacles import NOT_CONNECTED
from tocsin.irc.patience import ANSWERS

CRY = "thcipriani: help! I'd like to do an emergency deploy for 1234 -- context is T1234"


@pytest.fixture
def shift() -> NightShift:
    return NightShift()


def uncounted(shift: NightShift) -> int:
    return sum(isinstance(each.event, e.SeenNotCounted) for each in shift.store.since(0, 10_000))


# -------------------------------------------------------------------------------------------------- the common night


async def test_a_cry_in_plain_words_opens_a_request_and_names_whom_it_calls(shift: NightShift) -> None:
    said = await shift.says("ada", CRY)
    assert said[0].startswith('#ops E1 for ada: 1234/3 "Stop caching painted pages" (T1234). Asking kim-releng')
    assert "bo-sre (SRE" in said[0]
    assert said[1].startswith("#ops ada: E1 needs a reason")


async def test_the_common_night_takes_a_cry_two_confirmations_take_go_and_good(shift: NightShift) -> None:
    word = await shift.asked()
    assert await shift.says("bo-sre", f"!confirm e1 {word}") == [
        "#ops E1: bo-sre confirms for SRE. Still needed: Release Engineering."
    ]
    (ready,) = await shift.says("kim-releng", f"tocsin: confirm {word}")
    assert "E1 is confirmed by" in ready
    shift.later(16)
    await shift.says("kim-releng", "!take")
    await shift.says("kim-releng", "!GO")
    assert shift.request().status is Status.DEPLOYING


async def test_the_announcement_of_an_act_is_its_acknowledgement_and_goes_ahead_of_answers(shift: NightShift) -> None:
    word = await shift.asked()
    shift.mouth.said.clear()
    for nick, text in (("lin", "!next"), ("bo-sre", f"!confirm E1 {word}"), ("bo-sre", f"!confirm E1 {word}")):
        await shift.says(nick, text)
    assert [each.urgent for each in shift.mouth.said] == [False, True, True]
    assert "stands already" in shift.mouth.said[-1].text


async def test_the_record_keeps_how_the_speaker_was_verified_and_the_message(shift: NightShift) -> None:
    await shift.says("ada", CRY)
    origin = shift.store.since(0, 1)[0].origin
    assert (origin.person, origin.act) == ("ada", "irc m1")
    assert origin.proof == "services account ada (id-of-ada), message m1"


async def test_the_same_wish_typed_again_is_refused_and_names_the_open_one(shift: NightShift) -> None:
    await shift.says("ada", CRY)
    (said,) = await shift.says("lin", CRY)
    assert said.startswith("#ops lin: E1 is open for that already")
    assert said.endswith("!status E1")


async def test_one_and_the_same_message_counts_once_in_silence(shift: NightShift) -> None:
    await shift.asked()
    line = shift.line("ada", "!note E1 users in Asia see it too")
    assert await shift.hears(line)
    assert not await shift.hears(line)


async def test_a_refusal_says_every_reason_to_the_one_who_spoke(shift: NightShift) -> None:
    await shift.asked()
    (said,) = await shift.says("lin", "!confirm E1 wrong-word")
    assert said.startswith("#ops lin: E1 is for members of Release Engineering and SRE")
    assert "You wrote the change" in said
    assert "wrong-word is not the check word" in said


async def test_the_acts_of_one_nick_are_done_in_the_order_in_which_they_were_said(shift: NightShift) -> None:
    lines = [
        shift.line("ada", CRY),
        shift.line("ada", "!E1 data disable -- lost; a rollback costs more; going back is safe"),
    ]
    await shift.hears(*lines, shift.line("ada", "!withdraw"))
    assert shift.request().status is Status.WITHDRAWN


# ------------------------------------------------------------------------------------------------------ who is heard


async def test_an_act_that_is_not_verified_is_shown_as_seen_and_never_counts(shift: NightShift) -> None:
    word = await shift.asked()
    (said,) = await shift.mutters("bo-sre", f"!confirm E1 {word}")
    assert said == "#ops bo-sre: E1: seen, not counted: log in to services"
    assert shift.request().confirmations == ()
    assert uncounted(shift) == 1


async def test_a_nick_is_nobody_when_the_account_is_somebody_elses(shift: NightShift) -> None:
    word = await shift.asked()
    (said,) = await shift.says("bo-sre", f"!confirm E1 {word}", account="ada")
    assert "Your own" in said or "your own yes" in said
    assert shift.request().confirmations == ()


async def test_a_person_counts_under_any_nick_by_the_account_of_the_line(shift: NightShift) -> None:
    word = await shift.asked()
    await shift.says("2AAAAAAAC", f"!confirm E1 {word}", account="bo-sre")
    assert shift.request().confirmers == ("bo-sre",)


async def test_an_account_that_was_registered_anew_counts_for_nobody(shift: NightShift) -> None:
    word = await shift.asked()
    shift.identities.forget_all()
    shift.registered["bo-sre"] = "another id"
    (said,) = await shift.says("bo-sre", f"!confirm E1 {word}")
    assert "registered anew" in said
    assert shift.request().confirmations == ()


@pytest.mark.parametrize("event", [
    Departed("bo-sre", "bo-sre", None, Departure.QUIT),
    Arrived("bo-sre", "bo-sre", OPS),
    AccountChanged("bo-sre", None, "bo-sre"),
    SplitBegan("a.example.org b.example.org"),
    Disconnected("gone"),
])  # fmt: skip
async def test_whoever_comes_or_goes_is_asked_about_anew(shift: NightShift, event: SplitBegan) -> None:
    await shift.says("bo-sre", "!list")
    await shift.bot.on_event(event)
    await shift.says("bo-sre", "!list")
    assert shift.asked_services.count("bo-sre") == 2


async def test_services_are_not_asked_about_the_talk_of_strangers(shift: NightShift) -> None:
    await shift.says("mallory", "no, wait")
    assert shift.asked_services == []


async def test_a_stranger_is_heard_and_wakes_people_but_is_no_requester(shift: NightShift) -> None:
    said = await shift.mutters("passerby", CRY)
    assert "!adopt E1" in " ".join(said)
    assert shift.request().requester is None
    await shift.says("ada", "!adopt")
    assert shift.request().requester == "ada"


async def test_what_is_not_to_be_answered_is_not(shift: NightShift) -> None:
    assert not await shift.says("ada", CRY, doubt=Doubt("a bot", answerable=False))
    assert shift.requests.all() == ()


async def test_a_note_is_taken_from_anybody(shift: NightShift) -> None:
    await shift.asked()
    await shift.mutters("passerby", "!note E1 users in Asia see it too")
    assert any(isinstance(each.event, e.Noted) for each in shift.store.since(0, 100))


async def test_a_flood_of_uncounted_acts_does_not_fill_the_record(shift: NightShift) -> None:
    await shift.asked()
    for number in range(UNCOUNTED_A_MINUTE + 10):
        assert "not counted" in (await shift.mutters(f"flood{number}", "!confirm E1 a-b"))[0]
    assert uncounted(shift) == UNCOUNTED_A_MINUTE
    shift.later(61)
    await shift.mutters("later", "!confirm E1 a-b")
    assert uncounted(shift) == UNCOUNTED_A_MINUTE + 1


# ---------------------------------------------------------------------------------------------------- towards safety


async def test_a_stop_without_an_id_pauses_what_runs(shift: NightShift) -> None:
    await shift.deploying()
    (said,) = await shift.says("bo-sre", "!stop")
    assert said.startswith("#ops E1 is paused")
    assert shift.request().status is Status.PAUSED


async def test_a_stop_by_an_unverified_nick_of_the_directory_pauses_too(shift: NightShift) -> None:
    await shift.deploying()
    await shift.mutters("mo-sre", "!stop E1")
    assert shift.request().status is Status.PAUSED
    assert "not counted" in (await shift.mutters("stranger", "!stop E1"))[0]


async def test_a_stop_does_not_wait_for_services_that_hang(shift: NightShift) -> None:
    await shift.deploying()
    shift.identities.forget_all()
    shift.services_answer = False
    async with asyncio.timeout(3):
        await shift.says("bo-sre", "!stop")
    (cause,) = shift.request().underway.causes
    assert (cause.by, cause.verified) == ("bo-sre", False)


@pytest.mark.parametrize("channel", [None, PRIVATE])
async def test_a_verified_stop_counts_wherever_it_is_said(shift: NightShift, channel: str | None) -> None:
    await shift.deploying()
    said = await shift.says("bo-sre", "!stop E1", channel)
    assert shift.request().status is Status.PAUSED
    assert any("E1: it counts" in each for each in said)
    assert to(OPS, said)


async def test_an_unverified_stop_in_a_private_message_is_sent_to_the_channel(shift: NightShift) -> None:
    await shift.deploying()
    assert await shift.mutters("bo-sre", "!stop", None) == ["bo-sre Say it in #ops, where everybody of E1 sees it."]
    assert shift.request().status is Status.DEPLOYING


async def test_a_stop_goes_unhindered_by_a_flood_of_its_own_nick(shift: NightShift) -> None:
    await shift.deploying()
    lines = [shift.line("bo-sre", "!list") for _ in range(ANSWERS + 5)]
    await shift.hears(*lines, shift.line("bo-sre", "!stop"))
    assert shift.request().status is Status.PAUSED


async def test_a_stop_that_the_record_cannot_take_works_and_is_acknowledged(shift: NightShift) -> None:
    await shift.deploying()
    shift.store.unavailable = "disk full"
    (said,) = await shift.says("bo-sre", "!stop")
    assert said.startswith("#ops bo-sre: E1: no further step starts. The record cannot be written")
    assert shift.brake.pulled(shift.request().id)


async def test_what_the_record_cannot_take_was_not_done_and_is_not_announced(shift: NightShift) -> None:
    word = await shift.asked()
    shift.store.unavailable = "disk full"
    (said,) = await shift.says("bo-sre", f"!confirm E1 {word}")
    assert said.startswith("#ops bo-sre: Nothing was done: the record cannot be written (disk full).")


async def test_of_two_that_run_one_stop_pauses_both(shift: NightShift) -> None:
    await shift.deploying("1234")
    await shift.deploying("2000")
    said = await shift.says("bo-sre", "!stop")
    assert [shift.request(each).status for each in ("E1", "E2")] == [Status.PAUSED] * 2
    assert len(said) == 2
    assert shift.store.since(0, 1000)[-1].origin.act.endswith(" E1")


async def test_of_two_that_run_a_refused_stop_says_every_reason(shift: NightShift) -> None:
    await shift.deploying("1234")
    await shift.deploying("2000")
    (said,) = await shift.says("lin", "!stop")
    assert "E1" in said
    assert "E2" in said


# ------------------------------------------------------------------------------------------------------- plain words


async def test_a_yes_in_plain_words_is_told_what_to_type_and_never_counted(shift: NightShift) -> None:
    word = await shift.asked()
    assert await shift.says("bo-sre", "yes") == [f"#ops bo-sre: to confirm: !confirm E1 {word}"]
    assert shift.request().confirmations == ()


async def test_a_yes_is_answered_once_a_minute_and_only_to_those_who_could_confirm(shift: NightShift) -> None:
    await shift.asked()
    assert await shift.says("bo-sre", "ok")
    assert not await shift.says("bo-sre", "ok")
    assert not await shift.says("ada", "ok")
    assert not await shift.mutters("stranger", "ok")
    shift.later(61)
    assert await shift.says("bo-sre", "ok")


async def test_talk_that_is_neither_yes_nor_no_is_not_answered(shift: NightShift) -> None:
    await shift.asked()
    assert await shift.says("bo-sre", "did anybody see the graphs?") == []
    assert await shift.mutters("kim-releng", "good evening") == []


async def test_a_yes_of_the_deployer_of_a_ready_request_is_told_how_to_start(shift: NightShift) -> None:
    word = await shift.asked()
    await shift.says("bo-sre", f"!confirm E1 {word}")
    await shift.says("kim-releng", f"!confirm E1 {word}")
    await shift.says("kim-releng", "!take")
    assert await shift.says("kim-releng", "go ahead") == ["#ops kim-releng: to start it: !go E1"]


async def test_an_objection_in_plain_words_is_asked_about_and_delays_go(shift: NightShift) -> None:
    await shift.asked()
    assert await shift.says("mo-sre", "not yet") == ["#ops mo-sre: a hold? !hold E1 <reason>"]
    assert [person for person, _ in shift.request().objections] == ["mo-sre"]


async def test_an_objection_of_somebody_unverified_is_asked_about(shift: NightShift) -> None:
    await shift.asked()
    assert await shift.mutters("mo-sre", "not yet") == ["#ops mo-sre: a hold? !hold E1 <reason>"]
    assert shift.request().objections == ()


async def test_an_objection_while_it_runs_is_asked_whether_it_is_a_stop(shift: NightShift) -> None:
    await shift.deploying()
    assert await shift.says("mo-sre", "STOP!") == ["#ops mo-sre: a stop? !stop E1 <reason>"]


async def test_an_objection_that_may_be_about_two_delays_both(shift: NightShift) -> None:
    await shift.deploying("1234")
    await shift.asked("2000")
    said = await shift.says("mo-sre", "wait, the caches!")
    assert said == ["#ops mo-sre: a stop? !stop E1 <reason> or a hold? !hold E2 <reason>"]
    assert shift.request("E2").objections


async def test_a_yes_at_a_checkpoint_is_told_how_to_let_it_go_on(shift: NightShift) -> None:
    await shift.deploying()
    await shift.runs()
    assert await shift.says("ada", "ok") == ["#ops ada: to let it go on: !good E1"]
    assert not await shift.says("dee", "ok")


async def test_a_verified_line_in_plain_words_shows_that_somebody_is_here(shift: NightShift) -> None:
    await shift.says("bo-sre", "good evening")
    assert shift.presence.presence().seen_at(shift.configuration.directory.people[2].id) == shift.now()


async def test_of_talk_only_the_first_line_has_services_asked_and_all_of_it_shows_that_somebody_is_here(
    shift: NightShift,
) -> None:
    await shift.says("bo-sre", "good evening")
    alone = asyncio.all_tasks()
    for minute in range(3):
        shift.later(60)
        await shift.bot.on_event(shift.line("bo-sre", f"it is {minute} past"))
        assert asyncio.all_tasks() == alone
        assert shift.presence.presence().seen_at(PersonId("bo-sre")) == shift.now()
    assert shift.asked_services == ["bo-sre"]


async def test_talk_under_an_account_that_was_registered_anew_shows_nobody(shift: NightShift) -> None:
    shift.registered["bo-sre"] = "id-of-a-thief"
    for _ in range(2):
        await shift.says("bo-sre", "good evening")
    assert shift.presence.presence().seen_at(PersonId("bo-sre")) is None


async def test_talk_that_is_not_certain_shows_nobody(shift: NightShift) -> None:
    await shift.says("ada", "good evening")
    shift.later(60)
    await shift.says("ada", "good night", doubt=Doubt("that line was heard before", answerable=False))
    assert shift.presence.presence().seen_at(PersonId("ada")) == shift.now() - timedelta(seconds=60)


# ------------------------------------------------------------------------------------------- private and public places


async def test_an_act_in_a_private_message_is_told_where_to_say_it(shift: NightShift) -> None:
    word = await shift.asked()
    said = await shift.says("bo-sre", f"confirm E1 {word}", None)
    assert said == ["bo-sre Say it in #ops, where everybody of E1 sees it."]
    assert shift.request().confirmations == ()


async def test_a_cry_in_a_private_message_opens_a_private_request_of_which_the_public_hears_the_state(
    shift: NightShift,
) -> None:
    said = await shift.says("ada", CRY, None)
    assert shift.request().private
    assert to(OPS, said) == ["E1: asked (private)"]
    assert to("ada", said) == ["E1 is open; it is handled in #ops-private: say the rest there."]
    assert any("Stop caching" in each for each in to(PRIVATE, said))


async def test_the_word_private_in_a_public_cry_does_the_same(shift: NightShift) -> None:
    said = await shift.says("ada", "help! I need a private emergency deploy for 1234 -- context is T1234")
    assert to(OPS, said) == ["E1: asked (private)"]
    assert to("ada", said) == ["E1 is open; it is handled in #ops-private: say the rest there."]


async def test_of_a_private_request_nothing_is_said_in_public_but_its_state(shift: NightShift) -> None:
    shift.around.public = Verdict.NO
    said = await shift.says("ada", CRY)
    await shift.says("ada", "!E1 data disable -- secret words; a rollback is slow; going back is safe", PRIVATE)
    word = shift.word
    for nick, text in (
        ("bo-sre", f"!confirm E1 {word}"),
        ("kim-releng", "!hold E1 secret hold"),
        ("lin", "!status E1"),
    ):
        said += await shift.says(nick, text, OPS)
        said += await shift.says(nick, text, PRIVATE)
    public = " ".join(to(OPS, said))
    for secret in ("1234", "T1234", "Stop caching", "secret", word, "disable"):
        assert secret not in public
    assert "bo-sre: E1 is handled in its private channel, or on the command line." in public


async def test_a_refused_stop_in_public_tells_nothing_of_a_private_request(shift: NightShift) -> None:
    await shift.says("ada", CRY, None)
    (said,) = await shift.says("dee", "!stop E1", OPS)
    assert said == "#ops dee: E1 is handled in its private channel, or on the command line."


async def test_suspending_works_in_a_private_message_and_is_told_everywhere(shift: NightShift) -> None:
    said = await shift.says("bo-sre", "suspend lin their laptop was stolen", None)
    assert [each.partition(" ")[0] for each in said] == [OPS, PRIVATE]
    assert shift.requests.house.suspended_people == {"lin"}


async def test_a_request_asked_for_in_another_channel_says_where_it_is_handled(shift: NightShift) -> None:
    said = await shift.says("ada", CRY, "#lobby")
    assert to("#lobby", said) == ["ada: E1 is open; it is handled in #ops: say the rest there."]


# ------------------------------------------------------------------------------------------------- floods and failures


async def test_a_flood_is_told_once_and_then_left_unanswered(shift: NightShift) -> None:
    said = await shift.hears(*(shift.line("mallory", "!help confirm", account=None) for _ in range(ANSWERS + 5)))
    assert len(said) == ANSWERS + 1
    assert f"#ops mallory: {TOO_MUCH}" in said


async def test_who_floods_under_anothers_nick_uses_up_none_of_their_patience(shift: NightShift) -> None:
    word = await shift.asked()
    await shift.hears(*(shift.line("bo-sre", "!help confirm", account=None) for _ in range(ANSWERS + 5)))
    await shift.hears(shift.line("bo-sre", f"!confirm E1 {word}"))
    assert shift.request().confirmers == ("bo-sre",)


async def test_a_line_that_another_process_heard_and_recorded_is_not_counted_again(shift: NightShift) -> None:
    word = await shift.asked()
    line = shift.line("bo-sre", f"!confirm E1 {word}")
    assert await shift.hears(line)
    before = shift.store.since(0, 1000)
    assert await shift.hears(line) == []
    assert shift.store.since(0, 1000) == before


async def test_talk_costs_nobody_their_acts(shift: NightShift) -> None:
    word = await shift.asked()
    lines = [shift.line("bo-sre", f"word {number}") for number in range(ANSWERS + 1)]
    await shift.hears(*lines, shift.line("bo-sre", f"!confirm E1 {word}"))
    assert shift.request().confirmers == ("bo-sre",)


async def test_lines_of_one_nick_that_wait_for_services_have_a_bound(shift: NightShift) -> None:
    shift.services_answer = False
    for _ in range(3 * MOST_OF_ONE):
        await shift.bot.on_event(shift.line("bo-sre", "yes"))
    assert len(asyncio.all_tasks()) <= MOST_OF_ONE + 2
    shift.identities.told(RegistrationTold("bo-sre", "id-of-bo-sre", None))
    await shift.bot.finish()


async def test_a_mistake_of_ours_is_admitted_and_ends_nothing(shift: NightShift) -> None:
    await shift.asked()
    shift.handler = None  # type: ignore[assignment]  # and the same in the acting hand
    shift.bot._acting.handler = None  # type: ignore[assignment]  # the mistake
    assert "Something went wrong on my side" in (await shift.says("ada", "!withdraw E1"))[0]
    assert await shift.says("ada", "!list")


async def test_an_answer_that_no_line_can_carry_ends_nothing() -> None:
    session = Talk().ready().session
    shift = NightShift(OnTheWire(session))
    unnoticed: list[dict[str, object]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: unnoticed.append(context))
    assert await shift.mutters(":", "!status", None) == []
    gc.collect()
    assert unnoticed == []
    assert await shift.says("ada", "!status") != []


async def test_an_end_while_something_is_answered_drops_it_after_a_moment(
    shift: NightShift, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tocsin.irc.bot.LAST_ACTS_SECONDS", 0.01)
    shift.services_answer = False
    await shift.bot.on_event(shift.line("bo-sre", "!list"))
    await shift.bot.finish()
    assert shift.mouth.said == []


# -------------------------------------------------------------------------------------------------------- how it stands


async def test_it_says_once_that_nothing_counts_and_once_that_it_counts_again(shift: NightShift) -> None:
    await shift.bot.on_event(Recovered())
    for reason in ("the network is split", "the bot is not signed in"):
        await shift.bot.on_event(Degraded(reason))
    await shift.bot.on_event(Recovered())
    assert [each.text for each in shift.mouth.said if each.target == OPS] == [
        "Nothing said here counts until I say so: the network is split.",
        "I hear everybody again. What was said meanwhile did not count: say it again.",
    ]
    assert len({each.merge_key for each in shift.mouth.said if each.target == OPS}) == 1


async def test_a_start_is_not_told_and_a_start_where_nobody_can_be_known_is(shift: NightShift) -> None:
    await shift.bot.on_event(Degraded(NOT_CONNECTED))
    await shift.bot.on_event(Degraded("the bot is not in #ops", nothing_counts=False))
    assert shift.mouth.said == []
    await shift.bot.on_event(Degraded("the network does not offer account-tag"))
    assert "does not offer account-tag" in shift.mouth.said[0].text


async def test_being_missing_in_one_channel_is_no_reason_to_say_that_nothing_counts(shift: NightShift) -> None:
    await shift.bot.on_event(Recovered())
    await shift.bot.on_event(Degraded("the bot is not in #ops", nothing_counts=False))
    assert shift.mouth.said[0].text == "Take care: the bot is not in #ops."


async def test_a_line_of_ours_that_the_network_cut_is_ended_in_a_second_one(shift: NightShift) -> None:
    await shift.bot.on_event(Echoed(OPS, "E1 is NOT confirmed", "E1 is NOT conf", False))
    await shift.bot.on_event(Echoed(OPS, "whole", "whole", True))
    await shift.bot.on_event(Echoed(OPS, "b\u2060o", "bo", False))
    assert [each.text for each in shift.mouth.said] == ["… irmed"]


async def test_other_events_are_no_trouble(shift: NightShift) -> None:
    await shift.bot.on_event(TopicChanged(OPS, "on call: bo-sre", None))
    await shift.bot.on_event(ChannelLost(OPS, "kicked"))
    assert shift.mouth.said == []


async def test_whoever_leaves_while_services_are_asked_about_them_is_gone() -> None:
    shift = NightShift()
    shift.services_answer = False
    await shift.bot.on_event(shift.line("bo-sre", "!list"))
    await asyncio.sleep(0)
    shift.later(1)
    await shift.bot.on_event(Departed("bo-sre", "bo-sre", None, Departure.QUIT))
    shift.later(1)
    shift.identities.told(RegistrationTold("bo-sre", "id-of-bo-sre", None))
    await shift.bot.finish()
    assert (presence := shift.presence.presence()).seen_at(PersonId("bo-sre"))
    assert presence.gone_since(PersonId("bo-sre")) == shift.clock_at - timedelta(seconds=1)


async def test_thrown_out_it_is_sure_of_nobody() -> None:
    shift = NightShift()
    await shift.says("bo-sre", "!list")
    await shift.bot.on_event(ChannelLost(OPS, "ada kicked the bot: out"))
    assert shift.presence.presence().gone_since(PersonId("bo-sre")) == shift.clock_at


async def test_whoever_goes_away_is_gone() -> None:
    shift = NightShift()
    await shift.says("bo-sre", "!list")
    await shift.bot.on_event(WentAway("bo-sre", "bo-sre"))
    assert shift.presence.presence().gone_since(PersonId("bo-sre")) == shift.clock_at
