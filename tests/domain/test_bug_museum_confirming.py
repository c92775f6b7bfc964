"""Real failures of real systems that concern the confirming: each is owed a named test."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.domain.night import (
    BEGIN,
    BOTH,
    CHANGE,
    CLOCK,
    FETCH,
    RELENG,
    SRE,
    TASK,
    TWO_STEPS,
    WISH,
    Night,
    kinds,
    stranger,
    unverified,
    verified,
)
from tests.domain.variations import others
from tocsin.domain import events as e
from tocsin.domain.change import Verdict
from tocsin.domain.commands import Adopt, Confirm, Go, Lift, PutOnHold, Refuse, Renew, ShowPresence, Take, Waive
from tocsin.domain.commands.carrying_out import StartStep
from tocsin.domain.commands.holding import Object
from tocsin.domain.commands.opening import Ask, Learn
from tocsin.domain.errors import Refused
from tocsin.domain.people import (
    Account,
    Directory,
    OnCall,
    Person,
    PersonId,
    RequestId,
    Speaker,
    Surface,
    TargetId,
    TeamId,
)
from tocsin.domain.policy import Demand, Policy
from tocsin.domain.progress import RunStep, next_step
from tocsin.domain.request import Status
from tocsin.domain.schedule import Calendar, Window
from tocsin.domain.situation import Catalogue, Ground


def said_by(person: str, surface: Surface, account: str) -> Speaker:
    return replace(verified(person), name=account, surface=surface, proof=account)


# --- who counts -------------------------------------------------------------------------------------------------------


def test_gitlab_425759_a_member_of_both_teams_confirms_first_single_team_members_later_and_it_completes() -> None:
    for order in (("pat-both", "bo-sre"), ("pat-both", "kim-releng"), ("bo-sre", "pat-both")):
        assert Night().confirmed(*order).stands(Status.READY), order
    assert Night().confirmed("pat-both", "bo-sre", "kim-releng").stands(Status.READY)


def test_openbao_one_member_of_both_teams_never_completes_it_however_often_they_say_it() -> None:
    night = Night().confirmed("pat-both")
    assert "stands already" in night.refused("pat-both", Confirm(night.word))
    night.says("pat-both", Confirm(night.word, SRE))
    night.says("pat-both", Confirm(night.word, RELENG))
    assert night.stands(Status.CONFIRMING) and len(night.request.confirmations) == 1


def test_openbao_one_member_of_both_teams_overrules_no_hold_and_waives_no_team_alone() -> None:
    night = Night().confirmed("pat-both")
    night.says("sam-sec", PutOnHold("look first"))
    night.later(minutes=15)
    for _ in range(2):
        assert e.HoldLifted not in kinds(night.says("pat-both", Lift("we looked")))
    assert "need not confirm" in night.refused("pat-both", Waive(TeamId("security"), "nobody"))


def test_tuf_gms_2022_4197_two_accounts_of_one_person_count_once() -> None:
    night = Night(policy=replace(BOTH, confirm=(Demand(SRE, 2),))).asked()
    night.acts(said_by("bo-sre", Surface.IRC, "bo"), Confirm(night.word))
    for surface, account in ((Surface.IRC, "bo_laptop"), (Surface.CLI, "uid 1000"), (Surface.SIGNED, "key 2")):
        assert "stands already" in night.refused_to(said_by("bo-sre", surface, account), Confirm(night.word))
    assert night.stands(Status.CONFIRMING)
    night.says("mo-sre", Confirm(night.word))
    assert night.stands(Status.READY)


@pytest.mark.parametrize("demand", [Demand(SRE, 0), Demand(SRE, -1), Demand(TeamId("nobodies"))])
def test_tuf_ghsa_fphv_a_count_of_0_or_less_or_a_team_of_nobody_never_lets_anything_start(demand: Demand) -> None:
    night = Night(policy=Policy("broken", "1", (demand,))).asked()
    assert night.stands(Status.CONFIRMING)
    night.later(seconds=15)
    assert "must still confirm." in night.refused("kim-releng", Go())
    night.looks()
    assert not night.stands(Status.READY)


def test_balrog_auto_signoff_a_requester_in_a_required_team_is_never_counted() -> None:
    night = Night().asked("bo-sre")
    assert "your own yes cannot count" in night.refused("bo-sre", Confirm(night.word))
    night.says("kim-releng", Confirm(night.word))
    assert night.stands(Status.CONFIRMING)
    assert "SRE must still confirm." in night.later(seconds=15).refused("kim-releng", Go())


def test_balrog_auto_signoff_whoever_confirmed_first_and_adopts_then_is_not_counted_either() -> None:
    night = Night()
    night.cries(stranger())
    assert "E17 is asked" in night.refused("bo-sre", Confirm("plum-otter"))
    night.says("bo-sre", Adopt())
    night.says("kim-releng", Confirm(night.word))
    assert night.stands(Status.CONFIRMING)


def test_gitlab_433233_a_member_of_an_on_call_team_removed_after_the_yes_fills_no_place() -> None:
    night = Night(policy=replace(BOTH, confirm=(Demand(SRE, on_call=True),)))
    night.on_call = OnCall(((SRE, (PersonId("bo-sre"),)),))
    night.confirmed("bo-sre")
    night.says("ada", Take())
    night.says("ada", Go())
    night.teams["bo-sre"] = frozenset()
    due = next_step(night.request)
    assert isinstance(due, RunStep)
    assert kinds(night.acts(CLOCK, StartStep(due.direction, due.step, due.attempt))) == [e.Paused]


# --- an unknown name means no -----------------------------------------------------------------------------------------


def test_stashbot_acl_an_unknown_team_in_the_policy_means_no() -> None:
    night = Night(policy=Policy("typo", "1", (Demand(TeamId("sree")),))).asked()
    for person in night.teams:
        assert night.refused(person, Confirm(night.word))


def test_stashbot_acl_an_unknown_target_means_no() -> None:
    night = Night().confirmed()
    night.deployers.clear()
    assert "may not deploy" in night.refused("kim-releng", Go())
    night.catalogue = Catalogue((replace(night.target, id=TargetId("elsewhere")),))
    assert "it must be confirmed anew" in night.refused("kim-releng", Go())


def test_stashbot_acl_an_unknown_person_means_no() -> None:
    night = Night().asked()
    ghost = Speaker("ghost", Surface.IRC, PersonId("ghost"))
    for command in (Confirm(night.word), Refuse("no"), PutOnHold("no"), Take(), ShowPresence()):
        assert night.refused_to(ghost, command)
    assert night.acts(ghost, Object("not yet")) == []


def test_stashbot_acl_in_an_unknown_channel_the_strictest_policy_is_asked() -> None:
    night = Night(change=None)
    lax = replace(night.target, id=TargetId("lax"), channel="#lax", policy=Policy("sre", "1", (Demand(SRE),)))
    night.catalogue = Catalogue((lax, night.target))
    opened = night.cries(verified("ada"), Ask("help!", WISH, "#somewhere"))[0]
    assert isinstance(opened, e.RequestOpened) and opened.policy == BOTH


def test_stashbot_acl_an_empty_directory_means_no() -> None:
    night = Night().asked()
    situation = replace(night.situation(verified("bo-sre")), directory=Directory())
    with pytest.raises(Refused, match="E17 is for members of"):
        Confirm(night.word).decide(night.request, situation)


# --- in which order ---------------------------------------------------------------------------------------------------


def test_stackstorm_4135_a_yes_that_arrives_before_the_plan_was_shown_does_not_wedge_it() -> None:
    night = Night(change=None)
    night.cries(verified("ada"))
    assert "something is still missing" in night.refused("bo-sre", Confirm("plum-otter"))
    night.change = CHANGE
    night.acts(CLOCK, Learn())
    night.says("bo-sre", Confirm(night.word))
    night.says("kim-releng", Confirm(night.word))
    assert night.stands(Status.READY)


def test_dotcms_14144_it_is_never_ready_before_the_last_requirement() -> None:
    night = Night(policy=replace(BOTH, confirm=(*BOTH.confirm, Demand(TeamId("security"))))).asked()
    for person in ("bo-sre", "kim-releng", "mo-sre", "pat-both"):
        assert e.BecameReady not in kinds(night.says(person, Confirm(night.word)))
    assert e.BecameReady in kinds(night.says("sam-sec", Confirm(night.word)))


def test_wikimedia_392535_a_not_yet_blocks_whatever_the_count_and_however_long_ago() -> None:
    night = Night().confirmed("bo-sre", "kim-releng", "mo-sre", "rei-releng")
    night.says("sam-sec", PutOnHold("not yet"))
    night.says("kim-releng", Take())
    for _ in range(6):
        night.later(minutes=4)
        assert "sam-sec holds it: not yet." in night.refused("kim-releng", Go())


# --- windows ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("seconds", "open_now"), [(-1, False), (0, True), (3599, True), (3600, False)])
def test_argo_26215_a_window_is_open_from_its_first_second_and_no_longer_at_its_last(
    seconds: int, open_now: bool
) -> None:
    night = Night()
    night.calendar = Calendar((Window("morning", BEGIN, BEGIN + timedelta(hours=1)),))
    night.now = BEGIN + timedelta(seconds=seconds)
    night.asked()
    assert any("is open until" in words for words in night.request.lacking) is open_now


def test_argo_5590_a_request_asked_before_a_window_and_confirmed_in_it_goes_on() -> None:
    night = Night()
    starts = BEGIN + timedelta(minutes=31)
    night.calendar = Calendar((Window("morning", starts, starts + timedelta(hours=1)),))
    night.asked().later(minutes=40)
    night.acts(CLOCK, Learn())
    for person in ("bo-sre", "kim-releng"):
        night.says(person, Confirm(night.word))
    assert night.stands(Status.READY)


def test_argo_5590_a_request_that_waits_for_the_word_anyway_across_the_end_of_a_window_waits_no_longer() -> None:
    night = Night()
    night.calendar = Calendar((Window("morning", BEGIN, BEGIN + timedelta(minutes=10)),))
    night.asked()
    assert night.stands(Status.ASKED)
    night.later(minutes=10)
    assert e.PlanProposed in kinds(night.acts(CLOCK, Learn()))


# --- exactly what was shown -------------------------------------------------------------------------------------------


def test_atlantis_1508_a_yes_to_the_patchset_before_is_refused_though_it_was_typed_in_good_faith() -> None:
    night = Night().asked()
    before = night.word
    night.change = replace(CHANGE, patchset=4, sha="d" * 40)
    night.acts(CLOCK, Learn())
    assert f"{before} is not the check word now, what is to be confirmed may have changed" in night.refused(
        "bo-sre", Confirm(before)
    )


def test_atlantis_6529_while_the_change_is_still_being_fetched_nobody_confirms() -> None:
    night = Night(change=None)
    night.unknown = ("code review",)
    night.asked()
    assert "E17 is asked" in night.refused("bo-sre", Confirm("plum-otter"))


def test_devtron_6999_after_expiry_the_old_word_confirms_nothing_and_a_policy_of_today_is_asked() -> None:
    night = Night().confirmed()
    before = night.word
    night.later(hours=4).looks()
    night.nonce = "another nonce"
    stricter = replace(BOTH, version="2", confirm=(*BOTH.confirm, Demand(TeamId("security"))))
    night.catalogue = Catalogue((replace(night.target, policy=stricter),))
    night.says("ada", Renew())
    assert "is not the check word now" in night.refused("bo-sre", Confirm(before))
    for person in ("bo-sre", "kim-releng"):
        night.says(person, Confirm(night.word))
    assert night.stands(Status.CONFIRMING)


def test_devtron_6999_a_policy_that_is_loosened_meanwhile_loosens_no_open_request() -> None:
    night = Night().confirmed("bo-sre")
    night.catalogue = Catalogue((replace(night.target, policy=Policy("sre", "1", (Demand(SRE),))),))
    night.acts(CLOCK, Learn())
    night.looks()
    assert night.request.policy == BOTH and night.stands(Status.CONFIRMING)


CONFIRMED: dict[str, Callable[[], list[Night]]] = {
    "wish": lambda: [Night(wish=wish) for wish in others(WISH) if not wish.missing() and not wish.recipe],
    "policy": lambda: [Night(policy=policy) for policy in others(BOTH)],
    "steps": lambda: [Night(steps=(step, *TWO_STEPS[1:])) for step in others(TWO_STEPS[0])],
    "proofs": lambda: [Night(proofs=(proof,)) for proof in others(FETCH[0])],
    "change": lambda: [Night(change=replace(CHANGE, sha="d" * 40)), Night(change=replace(CHANGE, brings=("1/1",)))],
}


@pytest.mark.parametrize("part", CONFIRMED)
def test_bybit_2025_whoever_was_shown_anything_else_cannot_confirm_this(part: str) -> None:
    shown = Night().asked()
    assert shown.request.proposal
    for other in CONFIRMED[part]():
        other.task = replace(TASK, id=other.wish.task)
        other.asked()
        assert other.request.proposal, other.wish
        assert other.request.proposal.digest != shown.request.proposal.digest


@pytest.mark.parametrize("surface", [Surface.IRC, Surface.PAGE, Surface.CLI, Surface.API, Surface.SIGNED])
def test_bybit_2025_every_surface_confirms_the_very_same_word(surface: Surface) -> None:
    night = Night().asked()
    given = night.acts(said_by("bo-sre", surface, "bo"), Confirm(night.word))[0]
    assert isinstance(given, e.ConfirmationGiven) and given.check_word == night.word
    assert "is not the check word now" in night.refused_to(said_by("mo-sre", surface, "mo"), Confirm("other-word"))


def test_incident_2021_11_05_whether_going_back_is_safe_is_asked_before_anybody_can_confirm() -> None:
    night = Night(wish=replace(WISH, going_back=None)).asked()
    assert night.request.lacking == ("whether going back is safe (yes, no or unknown)",)
    assert "E17 is asked" in night.refused("bo-sre", Confirm("plum-otter"))
    night = Night(wish=replace(WISH, going_back=Verdict.NO)).asked()
    assert night.request.proposal and night.request.wish.going_back is Verdict.NO


# --- accounts that are taken over -------------------------------------------------------------------------------------


def test_hubot_irc_103_a_nick_that_was_taken_confirms_lifts_and_starts_nothing() -> None:
    night = Night().confirmed("kim-releng")
    night.says("bo-sre", PutOnHold("look first"))
    for command in (Confirm(night.word), Lift(), Go(), Take(), Refuse("no"), ShowPresence()):
        assert "Log in to services first." in night.refused_to(unverified("bo-sre"), command)


def test_sopel_888_the_account_that_the_directory_knows_is_what_excludes_and_not_what_counts() -> None:
    night = Night()
    night.cries(stranger("somebody"))
    night.says("ada", Adopt())
    situation = night.situation(verified("bo-sre"))
    bo = Person(PersonId("bo-sre"), frozenset({SRE}), accounts=(Account("somebody"),))
    known = replace(situation, directory=Directory((bo,)))
    with pytest.raises(Refused, match="You share a nick, host or account"):
        Confirm(night.word).decide(night.request, known)


def test_two_requests_for_one_target_are_confirmed_side_by_side_and_only_one_is_carried_out() -> None:
    night = Night().confirmed()
    night.ground = Ground(running=RequestId("E16"), beside=(RequestId("E16"),))
    assert "E16 is being carried out on mediawiki-config; one at a time." in night.refused("kim-releng", Go())
