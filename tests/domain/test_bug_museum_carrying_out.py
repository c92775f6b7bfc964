"""Real failures of real systems that concern the carrying out: each is owed a named test."""

from dataclasses import replace
from datetime import timedelta

from tests.domain.night import BOTH, CHANGE, CLOCK, EVERYWHERE, SECURITY, WISH, Night, kinds, nudges, unverified
from tocsin.domain import events as e
from tocsin.domain.change import Verdict
from tocsin.domain.commands import Abort, Confirm, Go, PutOnHold, Resume, RollBack, Stop, Take, Unconfirm
from tocsin.domain.commands.carrying_out import StartStep
from tocsin.domain.commands.holding import Object
from tocsin.domain.commands.opening import Learn
from tocsin.domain.deployment import CauseKind, Fate
from tocsin.domain.people import RequestId
from tocsin.domain.policy import Demand
from tocsin.domain.request import Status
from tocsin.domain.schedule import Calendar, Freeze
from tocsin.domain.situation import Ground


def test_gitlab_433233_a_member_removed_between_yes_and_go_is_void_and_announced() -> None:
    night = Night().confirmed()
    night.teams["bo-sre"] = frozenset()
    assert "The yes of bo-sre no longer counts" in night.refused("kim-releng", Go())
    assert kinds(night.looks())[:1] == [e.ConfirmationVoided]


def test_atlantis_1508_a_new_patchset_after_the_yes_voids_it() -> None:
    night = Night().confirmed()
    night.change = replace(CHANGE, patchset=4, sha="d" * 40)
    assert "The change is no longer 1234/3" in night.refused("kim-releng", Go())
    proposed = night.acts(CLOCK, Learn())[-1]
    assert not isinstance(proposed, e.BecameReady) and night.request.confirmations == ()


def test_atlantis_6529_one_more_change_going_live_after_the_yes_voids_it() -> None:
    night = Night().confirmed()
    night.change = replace(CHANGE, brings=("1233/1",))
    assert "What else goes live with 1234 is no longer what was confirmed" in night.refused("kim-releng", Go())


def test_atlantis_another_target_after_the_yes_voids_it() -> None:
    night = Night().confirmed()
    night.change = replace(CHANGE, branch="wmf/1.46")
    assert "is for the branch wmf/1.46 now" in night.refused("kim-releng", Go())


def test_teleport_15356_a_yes_withdrawn_before_the_deployment_takes_effect() -> None:
    night = Night().confirmed()
    night.says("bo-sre", Unconfirm())
    assert "SRE must still confirm." in night.refused("kim-releng", Go())


def test_teleport_50957_a_yes_withdrawn_during_the_deployment_takes_effect() -> None:
    night = Night(steps=(EVERYWHERE, EVERYWHERE)).deploying()
    night.starts()
    assert e.Paused in kinds(night.says("bo-sre", Unconfirm()))
    night.ends()
    assert night.waits and night.causes == [(CauseKind.QUORUM, None)]


def test_teleport_25667_an_observer_who_is_not_required_leaves_and_nothing_changes() -> None:
    night = Night().deploying()
    night.gone["sam-sec"] = night.now
    assert night.later(minutes=9).looks() == []
    assert not night.waits


def test_teleport_67394_stop_and_abort_are_authorised_by_the_rules_themselves_for_every_surface() -> None:
    night = Night().deploying()
    night.starts()
    assert "Only people with a part in E17" in night.refused("dee", Stop())
    for person in ("dee", "mo-sre", "sam-sec"):
        assert "Only the requester, the deployer and the confirmers" in night.refused(person, Abort())
    assert "Log in to services first." in night.refused_to(unverified("ada"), Abort())


def test_dotcms_14144_it_never_goes_on_before_the_last_requirement() -> None:
    night = Night().confirmed("kim-releng")
    night.says("kim-releng", Take())
    assert night.stands(Status.CONFIRMING)
    assert "SRE must still confirm." in night.refused("kim-releng", Go())
    assert e.BecameReady in kinds(night.says("bo-sre", Confirm(night.word)))
    assert "15 s" in night.refused("kim-releng", Go())
    assert e.DeploymentStarted in kinds(night.later(seconds=15).says("kim-releng", Go()))


def test_vault_one_member_of_two_teams_alone_never_completes_it() -> None:
    night = Night().confirmed("pat-both")
    assert night.stands(Status.CONFIRMING)
    assert "must still confirm." in night.refused("pat-both", Go())


def test_jepsen_the_same_step_is_never_claimed_twice_by_whoever_was_away() -> None:
    night = Night().deploying()
    claimed = night.starts()
    late = StartStep(claimed.direction, claimed.step, claimed.attempt)
    assert "no step starts now" in night.refused_to(CLOCK, late)
    night.ends(None, Fate.UNKNOWN)
    assert "no step starts now" in night.refused_to(CLOCK, late)


def test_argo_5590_a_request_across_the_edge_of_a_freeze_needs_its_team_from_that_second_on() -> None:
    night = Night(policy=replace(BOTH, in_freeze=(Demand(SECURITY),))).confirmed()
    begins = night.now + timedelta(seconds=10)
    night.calendar = Calendar(freezes=(Freeze("holiday", begins, begins + timedelta(hours=9)),))
    assert "Security must still confirm." in night.later(seconds=10).refused("kim-releng", Go())
    assert e.DeploymentStarted in kinds(night.later(seconds=-1).says("kim-releng", Go()))


def test_devtron_6999_a_stale_request_is_never_started() -> None:
    night = Night().confirmed()
    night.later(hours=4).looks()
    assert "E17 is expired" in night.refused("kim-releng", Go())
    assert "E17 is expired" in night.refused("bo-sre", Confirm(night.word))


def test_wikimedia_392535_somebody_said_not_yet_and_it_does_not_go_out_four_minutes_later() -> None:
    night = Night().confirmed()
    night.says("mo-sre", Object("not yet"))
    assert "mo-sre objected in plain words" in night.refused("kim-releng", Go())
    night.says("mo-sre", PutOnHold("not yet"))
    night.later(minutes=4)
    assert "mo-sre holds it: not yet." in night.refused("kim-releng", Go())


def test_incident_2016_06_01_what_is_not_proved_is_not_done_for_two_hours_or_longer() -> None:
    night = Night().verifying()
    night.seen(live=False)
    said = []
    for _ in range(24):
        said += night.later(minutes=5).looks()
    assert night.stands(Status.VERIFYING)
    assert nudges(said) == [e.Nudge.PROOF_MISSING]


def test_incident_2019_06_06_abort_is_no_rollback_and_going_back_is_offered() -> None:
    night = Night().deploying()
    night.starts()
    night.says("kim-releng", Abort())
    night.ends(None, Fate.KILLED)
    assert night.stands(Status.PAUSED)
    assert not {e.RollbackAgreed, e.RollbackStarted} & set(kinds(night.history))
    assert "!rollback" in night.refused("bo-sre", Resume())
    assert e.RollbackStarted in kinds(night.says("ada", RollBack()))


def test_incident_2021_11_05_where_going_back_is_not_known_to_be_safe_one_word_does_not_start_it() -> None:
    night = Night(wish=replace(WISH, going_back=Verdict.UNKNOWN)).deploying()
    night.runs()
    assert kinds(night.says("ada", RollBack())) == [e.RollbackAsked]


def test_atlantis_another_deployment_on_the_target_meanwhile_is_noticed_at_go() -> None:
    night = Night().confirmed()
    night.ground = Ground(last=RequestId("E16"))
    assert "E16 was deployed to mediawiki-config meanwhile" in night.refused("kim-releng", Go())
