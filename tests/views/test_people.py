"""Who is needed: each team with who confirmed, who could, who is here; the requester and the deployer."""

from dataclasses import replace

from tests.domain.night import BOTH, CLOCK, SECURITY, SRE, verified
from tests.views.telling import CRY, Told
from tocsin.domain.commands import Confirm, Need, Take, Waive
from tocsin.domain.commands.opening import Ask
from tocsin.domain.people import OnCall, PersonId
from tocsin.domain.policy import Demand
from tocsin.views.people import who

QUIET = replace(BOTH, informed=())


def of(night: Told) -> str:
    return " ".join(who(night.request, night.situation(CLOCK)))


def test_each_place_says_who_fills_it_or_who_could_and_who_is_here() -> None:
    night = Told().asked()
    night.says("bo-sre", Confirm(night.word))
    assert of(night) == (
        "E17: requester: ada (here). Deployer: none yet, ada (here), mo-sre, kim-releng, pat-both, dee may: !take E17."
        " Release Engineering: one wanted: kim-releng, rei-releng, pat-both. SRE: bo-sre (here) confirmed."
        " Informed: Security."
    )


def test_who_is_on_call_is_said_and_that_only_they_count() -> None:
    night = Told(policy=replace(QUIET, confirm=(Demand(SRE, on_call=True),)))
    night.on_call = OnCall(((SRE, (PersonId("mo-sre"),)),))
    night.asked()
    assert "SRE: one wanted on call: bo-sre, mo-sre (on call), pat-both." in of(night)


def test_a_team_of_which_two_are_wanted_counts_down() -> None:
    night = Told(policy=replace(QUIET, confirm=(Demand(SRE, 2),))).asked()
    assert "SRE: 2 more wanted: bo-sre, mo-sre, pat-both." in of(night)
    night.says("bo-sre", Confirm(night.word))
    assert "SRE: bo-sre (here) confirmed; 1 more wanted: mo-sre, pat-both." in of(night)


def test_a_team_with_nobody_left_says_so() -> None:
    night = Told(policy=QUIET)
    night.teams = night.teams | {name: frozenset() for name in ("bo-sre", "mo-sre", "pat-both")}
    assert "SRE: one wanted: nobody is left who could." in of(night.asked())


def test_a_deployer_is_named_and_where_nobody_may_deploy_that_is_said() -> None:
    night = Told().asked()
    night.says("dee", Take())
    assert "Deployer: dee (here)." in of(night)
    night = Told()
    night.deployers = set()
    assert "Deployer: none yet, and nobody of the directory may." in of(night.asked())


def test_a_stranger_has_nobody_known_as_requester() -> None:
    night = Told(wish=CRY)
    stranger = replace(verified("passer-by"), person=None)
    night.taken_in(Ask("help!", night.wish, "#ops").decide(None, night.situation(stranger)), stranger)
    assert of(night).startswith("E17: requester: nobody known yet. Deployer: none yet, ada")


def test_a_team_that_was_waived_is_named() -> None:
    night = Told(policy=QUIET).asked()
    night.says("ada", Need(SECURITY))
    night.says("bo-sre", Confirm(night.word))
    night.says("kim-releng", Confirm(night.word))
    night.later(minutes=1).looks()
    night.later(minutes=15)
    night.says("bo-sre", Waive(SECURITY, "nobody answers"))
    night.says("kim-releng", Waive(SECURITY, "nobody answers"))
    assert of(night).endswith("Waived: Security.")


def test_of_many_who_could_some_are_named_and_the_rest_counted() -> None:
    night = Told(policy=replace(QUIET, confirm=(Demand(SRE),)))
    night.teams = night.teams | {f"sre-{n}": frozenset({SRE}) for n in range(9)}
    assert "SRE: one wanted: bo-sre, mo-sre, pat-both, sre-0, sre-1, sre-2 and 6 more." in of(night.asked())
