"""What a profile asks for: which teams, how many of each, on call or not, for which reason, remedy and time."""

from dataclasses import replace

from tests.domain.night import BOTH, RELENG, SECURITY, SRE
from tocsin.domain.plan import Reason, Remedy
from tocsin.domain.policy import Demand, Place, Policy, merged

ASKED = replace(
    BOTH,
    for_reason=((Reason.SECURITY, (Demand(SECURITY),)),),
    for_remedy=((Remedy.WIKI_EDIT, (Demand(SRE, 2),)),),
    in_freeze=(Demand(RELENG, on_call=True),),
)


def test_without_a_reason_or_a_freeze_the_profiles_own_teams_are_asked() -> None:
    assert ASKED.demands(None, None, frozen=False) == BOTH.confirm


def test_a_reason_a_remedy_and_a_freeze_each_add_what_they_say() -> None:
    asked = ASKED.demands(Reason.SECURITY, Remedy.WIKI_EDIT, frozen=True)
    assert asked == (Demand(RELENG, on_call=True), Demand(SRE, 2), Demand(SECURITY))


def test_what_is_asked_twice_of_a_team_is_asked_once_and_the_more_of_it() -> None:
    assert merged((Demand(SRE, 2), Demand(SRE, 1, on_call=True))) == (Demand(SRE, 2, on_call=True),)


def test_a_demand_has_one_place_for_each_confirmation() -> None:
    assert Demand(SRE, 2, on_call=True).places() == (Place(SRE, True, 1), Place(SRE, True, 2))


def test_the_profiles_own_teams_are_those_of_its_plain_demands() -> None:
    assert ASKED.own_teams == (RELENG, SRE)


def test_a_policy_is_named_by_profile_and_version() -> None:
    assert BOTH.label == "both 1"


def test_more_confirmations_are_stricter_and_of_as_many_those_on_call() -> None:
    one = Policy("sre", "1", (Demand(SRE),))
    on_call = Policy("sre-oncall", "1", (Demand(SRE, on_call=True),))
    assert one.strictness < on_call.strictness < BOTH.strictness
