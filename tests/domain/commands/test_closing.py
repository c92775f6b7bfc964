"""Ending a request, or asking it anew: withdrawn, renewed after expiry, closed by hand."""

from dataclasses import replace

import pytest

from tests.domain.night import BOTH, CLOCK, SECURITY, Night, kinds, unverified
from tocsin.domain import events as e
from tocsin.domain.commands import Close, Confirm, Go, Lift, PutOnHold, Renew, Resume, Stop, Withdraw
from tocsin.domain.commands.opening import Learn
from tocsin.domain.people import PersonId, RequestId
from tocsin.domain.policy import Demand
from tocsin.domain.request import Status

TRUE_NOW = "canaries run 1234/3, the rest the old version"


def paused(requester: str = "ada") -> Night:
    night = Night().deploying(requester=requester)
    night.says("bo-sre", Stop())
    return night


def expired() -> Night:
    night = Night().confirmed()
    night.later(hours=4).looks()
    assert night.stands(Status.EXPIRED)
    return night


# --- withdrawing ------------------------------------------------------------------------------------------------------


def test_the_requester_takes_it_back_before_go() -> None:
    night = Night().confirmed()
    assert night.says("ada", Withdraw()) == [e.RequestWithdrawn(PersonId("ada"))]
    assert night.stands(Status.WITHDRAWN) and "E17 is withdrawn" in night.refused("ada", Go())


def test_nobody_else_takes_it_back() -> None:
    assert "Only the requester of E17 may do that; that is ada." in Night().asked().refused("bo-sre", Withdraw())


def test_what_is_over_is_not_taken_back() -> None:
    assert "E17 is expired: its requester asks again with !renew E17." in expired().refused("ada", Withdraw())


def test_an_unverified_word_takes_nothing_back() -> None:
    assert "Log in to services first." in Night().asked().refused_to(unverified("ada"), Withdraw())


# --- asking anew ------------------------------------------------------------------------------------------------------


def test_an_expired_request_is_renewed_in_one_word_with_a_new_check_word_and_nobodys_yes() -> None:
    night = expired()
    before = night.word
    night.nonce = "another nonce"
    assert kinds(night.says("ada", Renew())) == [e.RequestRenewed, e.PlanProposed]
    assert night.stands(Status.CONFIRMING) and night.request.confirmations == () and night.word != before


def test_it_is_renewed_under_the_policy_and_the_teams_of_today() -> None:
    night = expired()
    stricter = replace(BOTH, version="2", confirm=(*BOTH.confirm, Demand(SECURITY)))
    night.catalogue = replace(night.catalogue, targets=(replace(night.target, policy=stricter),))
    night.teams["dee"] = frozenset({SECURITY})
    night.says("ada", Renew())
    assert night.request.policy == stricter
    for person in ("bo-sre", "kim-releng", "dee"):
        night.says(person, Confirm(night.word))
    assert night.stands(Status.READY)


def test_a_request_whose_target_is_gone_by_now_is_renewed_and_waits_for_one() -> None:
    night = expired()
    night.catalogue = replace(night.catalogue, targets=())
    assert kinds(night.says("ada", Renew())) == [e.RequestRenewed, e.MoreAsked]
    assert night.request.policy == BOTH and night.stands(Status.ASKED)


def test_a_hold_outlives_expiry_and_an_unverified_one_does_not() -> None:
    night = Night().confirmed()
    night.says("sam-sec", PutOnHold("look first"))
    night.acts(unverified("mo-sre"), PutOnHold("wait"))
    night.later(hours=4).looks()
    night.says("ada", Renew())
    assert [hold.person for hold in night.request.holds] == ["sam-sec"]
    assert e.HoldLifted in kinds(night.says("sam-sec", Lift()))


def test_only_the_requester_renews_and_only_what_expired() -> None:
    assert "Only the requester of E17" in expired().refused("bo-sre", Renew())
    assert "E17 is ready: it waits for its deployer: !go E17" in Night().confirmed().refused("ada", Renew())


def test_where_the_same_was_opened_meanwhile_it_says_so() -> None:
    night = expired()
    night.twin = RequestId("E18")
    assert "E18 was opened for the same meanwhile: !status E18" in night.refused("ada", Renew())


def test_what_is_learned_after_expiry_proposes_nothing() -> None:
    night = expired()
    night.change = None
    assert e.PlanProposed not in kinds(night.acts(CLOCK, Learn()))


# --- closing by hand --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("first", "second"), [("ada", "bo-sre"), ("bo-sre", "ada"), ("kim-releng", "bo-sre")])
def test_requester_or_deployer_and_a_confirmer_close_it_and_the_target_stays_locked(first: str, second: str) -> None:
    night = paused()
    assert kinds(night.says(first, Close(TRUE_NOW))) == [e.ClosingSupported]
    closed = night.says(second, Close(TRUE_NOW))[-1]
    assert closed == e.ClosedByHand((PersonId(first), PersonId(second)), TRUE_NOW)
    assert night.stands(Status.CLOSED) and night.request.locks_target


def test_one_person_alone_does_not_close_it_though_deployer_and_confirmer() -> None:
    night = paused()
    night.says("kim-releng", Close(TRUE_NOW))
    assert kinds(night.says("kim-releng", Close(TRUE_NOW))) == [e.ClosingSupported]


def test_two_without_a_confirmer_do_not_close_it() -> None:
    night = Night().deploying(deployer="dee")
    night.says("bo-sre", Stop())
    night.says("ada", Close(TRUE_NOW))
    assert kinds(night.says("dee", Close(TRUE_NOW))) == [e.ClosingSupported]


def test_who_wanted_to_close_it_before_it_went_on_has_not_said_so_again() -> None:
    night = paused()
    night.says("ada", Close(TRUE_NOW))
    night.says("bo-sre", Resume())
    night.says("kim-releng", Resume())
    assert night.stands(Status.DEPLOYING)
    night.says("bo-sre", Stop())
    assert kinds(night.says("bo-sre", Close(TRUE_NOW))) == [e.ClosingSupported]


def test_it_says_what_is_true_now() -> None:
    assert "Say what is true now: !close E17" in paused().refused("ada", Close(" "))


def test_while_a_step_runs_it_is_not_closed() -> None:
    night = Night().deploying()
    night.starts()
    night.says("bo-sre", Stop())
    assert "A step still runs: wait, or !abort E17 now" in night.refused("ada", Close(TRUE_NOW))


def test_what_is_not_paused_is_not_closed_by_hand() -> None:
    assert "E17 is deploying: it is under way; !stop E17 pauses it." in Night().deploying().refused(
        "ada", Close(TRUE_NOW)
    )


def test_an_observer_closes_nothing() -> None:
    assert "Only the requester, the deployer and the confirmers of E17" in paused().refused("sam-sec", Close(TRUE_NOW))
