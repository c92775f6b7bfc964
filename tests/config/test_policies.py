"""The profiles that ship are those of the process, and a profile that can never be met is an error with its line."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.config.folders import Folder
from tocsin.config.meeting import obstacles
from tocsin.config.policies import read_policies
from tocsin.config.problems import Report
from tocsin.config.reading import Source
from tocsin.domain.people import Directory, Person, PersonId, Team, TeamId
from tocsin.domain.plan import Reason, Remedy
from tocsin.domain.policy import Demand, Fresh, Look, Policy

RELENG, SRE, SECURITY = TeamId("release-engineering"), TeamId("sre"), TeamId("security")
OWN = '[profiles.ours]\nversion = "1"\nsince = 2026-11-23\n'


def shipped(name: str) -> Policy:
    return read_policies(Source("policies.toml", Report())).known[name]


@pytest.mark.parametrize("name", ["both", "both-2", "both-3"])
def test_both_teams_confirm_and_security_too_when_that_is_the_reason(name: str) -> None:
    policy = shipped(name)
    assert policy.demands(Reason.DATA, Remedy.FIX, frozen=True) == (Demand(RELENG), Demand(SRE))
    assert policy.demands(Reason.SECURITY, None, frozen=False) == (Demand(RELENG), Demand(SRE), Demand(SECURITY))
    assert policy.informed == ()
    assert bool(policy.banner) is (name == "both-3")


@pytest.mark.parametrize("name", ["sre", "sre-oncall"])
def test_sre_confirms_and_release_engineering_is_informed(name: str) -> None:
    policy = shipped(name)
    on_call = name == "sre-oncall"
    assert policy.demands(Reason.SECURITY, None, frozen=False) == (Demand(SRE, on_call=on_call),)
    assert policy.informed == (RELENG,)
    assert policy.broken_now is on_call


def test_five_profiles_ship_each_with_a_version_and_a_day() -> None:
    known = read_policies(Source("policies.toml", Report())).known
    assert set(known) == {"both", "both-2", "both-3", "sre", "sre-oncall"}
    assert {policy.label for policy in known.values()} == {f"{name} 1 of 2026-11-23" for name in known}
    assert not any(policy.author_may_confirm for policy in known.values())
    assert {policy.look for policy in known.values()} == {Look.TWO}
    assert {policy.fresh for policy in known.values()} == {Fresh.NONE}


def test_an_own_profile_says_all_that_a_policy_can_say(folder: Folder) -> None:
    folder.write(
        "policies.toml",
        f"""[limits]
go_after_yes = "20 s"
yes_lasts = "1 h 30 min"
{OWN}confirm = [{{ team = "sre", count = 2, on_call = true }}]
informed = ["security"]
for_remedy.wiki-edit = [{{ team = "release-engineering" }}]
in_freeze = [{{ team = "release-engineering" }}]
author_may_confirm = true
look = "every team"
broken_now = true
banner = "If IRC fails, call 112."
fresh = "passkey or code"
limits.go_after_yes = "30 s"
""",
    )
    policy = next(policy for policy in folder.load().policies if policy.profile == "ours")
    assert policy.confirm == (Demand(SRE, 2, on_call=True),)
    assert policy.for_remedy == ((Remedy.WIKI_EDIT, (Demand(RELENG),)),)
    assert policy.in_freeze == (Demand(RELENG),)
    assert (policy.informed, policy.author_may_confirm, policy.look) == ((SECURITY,), True, Look.EVERY_TEAM)
    assert (policy.broken_now, policy.banner) == (True, "If IRC fails, call 112.")
    assert policy.fresh is Fresh.PASSKEY_OR_CODE
    assert (policy.limits.go_after_yes, policy.limits.yes_lasts) == (timedelta(seconds=30), timedelta(minutes=90))
    both = folder.load().catalogue.targets[0].policy
    assert both.limits.go_after_yes == timedelta(seconds=20), "limits for all hold for shipped profiles too"


NEVER = "The profile ours can never be met: "


@pytest.mark.parametrize(
    ("rest", "sentence"),
    [
        ('confirm = [{ team = "sren" }]', f"{NEVER}there is no team sren in directory.toml."),
        ("confirm = []", "confirm is an empty list: a policy that asks nobody can never be met."),
        (
            'confirm = [{ team = "sre", count = 0 }]',
            "count must be at least 1, not 0: a policy that asks nobody can never be met.",
        ),
        (
            'confirm = [{ team = "sre", count = -1 }]',
            "count must be at least 1, not -1: a policy that asks nobody can never be met.",
        ),
        ('confirm = [{ team = "sre", count = "2" }]', "count is a whole number, not a text."),
        ('confirm = [{ team = "sre", count = true }]', "count is a whole number, not true or false."),
        (
            'confirm = [{ team = "sre", count = 3 }]',
            f"{NEVER}it asks for 3 of SRE, which has 2 members: name more people in it, or ask for fewer.",
        ),
        (
            'confirm = [{ team = "sre" }, { team = "sre" }]',
            "confirm names sre twice: write it once, with count = 2.",
        ),
        ('confirm = ["sre"]', "entry 1 of confirm is a table, not a text."),
        ('confirm = [{ team = "sre" }]\ninformed = ["ops"]', f"{NEVER}there is no team ops in directory.toml."),
        (
            'confirm = [{ team = "sre" }]\nfor_reason.fire = [{ team = "sre" }]',
            "fire: 'fire' is not one of security, data, availability, abuse, functionality.",
        ),
        (
            'confirm = [{ team = "sre" }]\nfor_remedy.undo = [{ team = "sre" }]',
            "undo: 'undo' is not one of rollback, revert, disable, block, fix, wiki-edit.",
        ),
        (
            'confirm = [{ team = "sre" }]\nfor_reason.data = []',
            "data is an empty list: a policy that asks nobody can never be met.",
        ),
        (
            'confirm = [{ team = "sre" }]\nfor_reason.data = [{ team = "sre", count = 9 }]',
            f"{NEVER}it asks for 9 of SRE, which has 2 members: name more people in it, or ask for fewer.",
        ),
        (
            'confirm = [{ team = "sre" }]\nlook = "nobody"',
            "look: 'nobody' is not one of requester and deployer, every team.",
        ),
        ('confirm = [{ team = "sre" }]\nlimits.wake = "-1 min"', "wake cannot be negative."),
        ('confirm = [{ team = "sre" }]\nlimits.wake = "0 s"', "wake must be more than nothing and at most 366 days."),
        (
            'confirm = [{ team = "sre" }]\nlimits.wake = 15',
            'wake is a length of time in quotes, such as "15 s", "10 min" or "4 h".',
        ),
        (
            'confirm = [{ team = "sre" }]\nlimits.wake = "15 parsecs"',
            "wake knows no unit 'parsecs': write s, min, h or days.",
        ),
        ('confirm = [{ team = "sre" }]\nlimits.wakes = "15 s"', "wakes is no setting of [limits]: did you mean wake?"),
        (
            'confirm = [{ team = "sre" }]\nlimits.yes_lasts = "10 s"',
            f"{NEVER}yes_lasts is no longer than go_after_yes.",
        ),
        ('confirm = [{ team = "sre" }]\nconfirms = 1', "confirms is no setting of [ours]: did you mean confirm?"),
    ],
)
def test_a_faulty_profile_is_an_error_on_its_last_line(folder: Folder, rest: str, sentence: str) -> None:
    line = folder.add("policies.toml", f"{OWN}{rest}\n") + 3 + rest.count("\n")
    assert folder.problems() == [f"policies.toml:{line}: {sentence}"]


def test_limits_for_all_that_nobody_could_keep_are_told_once(folder: Folder) -> None:
    folder.add("policies.toml", f'{OWN}confirm = [{{ team = "sre" }}]\n')
    line = folder.add("policies.toml", '[limits]\ngo_after_yes = "1 h"\nyes_lasts = "1 h"\n') + 2
    sentence = "No profile can ever be met: yes_lasts is no longer than go_after_yes."
    assert folder.problems() == [f"policies.toml:{line}: {sentence}"]


def test_what_is_missing_is_told_at_the_profile(folder: Folder) -> None:
    line = folder.add("policies.toml", "[profiles.ours]\n")
    assert folder.problems() == [
        f"policies.toml:{line}: confirm is missing: Which teams must confirm.",
        f"policies.toml:{line}: since is missing: The day from which this version is in force.",
        f"policies.toml:{line}: version is missing: Which wording of the profile this is; raise it with every change.",
    ]


def test_a_shipped_profile_cannot_be_replaced_quietly(folder: Folder) -> None:
    line = folder.add("policies.toml", OWN.replace("ours", "both") + 'confirm = [{ team = "sre" }]\n')
    sentence = "both is a profile that comes with tocsin: give yours another name."
    assert folder.problems() == [f"policies.toml:{line}: {sentence}"]


def test_a_policy_that_needs_one_person_twice_is_an_error(folder: Folder) -> None:
    folder.change(
        "directory.toml", '"kim-releng" }]\nteams = ["release-engineering"]', '"kim-releng" }]\nteams = ["sre"]'
    )
    folder.change("directory.toml", 'teams = ["release-engineering"]', 'teams = ["security", "sre"]')
    folder.change("directory.toml", '"sam-sec" }]\nteams = ["security"]', '"sam-sec" }]')
    folder.change("directory.toml", '"lin" }]\nteams = ["security"]', '"lin" }]')
    folder.change("targets/website.toml", 'policy = "both"', 'policy = "sre"')
    line = folder.add(
        "policies.toml",
        f'{OWN}confirm = [{{ team = "security" }}]\nfor_reason.data = [{{ team = "sre", count = 4 }}]\n',
    )
    sentence = "with data it asks for more people than there are, one team each: nobody would be left for Security."
    problems = folder.problems()
    assert len(problems) == 1
    assert problems[0].startswith(f"policies.toml:{line + 4}: {NEVER}with data it asks for more people")
    assert sentence.rpartition(" ")[0] in problems[0]


def test_a_shipped_profile_is_held_against_the_people_only_where_it_is_used(folder: Folder) -> None:
    folder.change("directory.toml", '[teams.security]\nname = "Security"\n', "")
    for person in ("sam-sec", "lin"):
        folder.change("directory.toml", f'"{person}" }}]\nteams = ["security"]', f'"{person}" }}]')
    line = folder.line("targets/website.toml", "policy =")
    sentence = "The profile both can never be met: there is no team security in directory.toml."
    assert folder.problems() == [f"targets/website.toml:{line}: {sentence}"]
    folder.change("targets/website.toml", 'policy = "both"', 'policy = "sre"')
    assert folder.warnings() == []


def test_a_team_of_one_is_only_a_warning(folder: Folder) -> None:
    folder.change("directory.toml", '"mo-sre" }]\nteams = ["sre"]', '"mo-sre" }]')
    folder.write("rota.toml", "")
    line = folder.line("targets/website.toml", "policy =")
    sentence = "When bo-sre asks, too few others are left to confirm: name more people."
    assert folder.warnings() == [f"targets/website.toml:{line}: {sentence}"]


teams = st.sampled_from([RELENG, SRE, SECURITY])
policies = st.builds(
    Policy,
    profile=st.just("ours"),
    version=st.just("1"),
    confirm=st.lists(
        st.builds(Demand, teams, st.integers(1, 2)), min_size=1, max_size=3, unique_by=lambda each: each.team
    ).map(tuple),
    in_freeze=st.lists(st.builds(Demand, teams, st.integers(1, 2)), max_size=1).map(tuple),
)
crowds = st.lists(st.frozensets(teams), max_size=5)


@given(policies, crowds)
def test_what_has_no_obstacle_can_be_met_and_what_has_one_cannot(
    policy: Policy, crowd: list[frozenset[TeamId]]
) -> None:
    people = tuple(Person(PersonId(f"p{number}"), each) for number, each in enumerate(crowd))
    directory = Directory(people, tuple(Team(each, each.upper()) for each in (RELENG, SRE, SECURITY)))
    most = policy.demands(None, None, frozen=True)
    seats = [demand.team for demand in most for _ in range(demand.count)]
    assert (not obstacles(policy, directory)) == _everybody_seated(seats, crowd)


def _everybody_seated(seats: list[TeamId], crowd: list[frozenset[TeamId]]) -> bool:
    """Try every way, which is slow and plainly right."""
    if not seats:
        return True
    takers = [number for number, teams_of in enumerate(crowd) if seats[0] in teams_of]
    return any(_everybody_seated(seats[1:], crowd[:number] + crowd[number + 1 :]) for number in takers)


def test_every_limit_of_the_rules_can_be_written(folder: Folder) -> None:
    usual = shipped("both").limits
    written = "".join(f'{name} = "{number} min"\n' for number, name in enumerate(usual.__slots__, 1))
    folder.write("policies.toml", f"[limits]\n{written}".replace('go_after_yes = "3 min"', 'go_after_yes = "1 s"'))
    read = folder.load().policies[0].limits
    numbers = {name: timedelta(minutes=number) for number, name in enumerate(usual.__slots__, 1)}
    assert {name: getattr(read, name) for name in usual.__slots__} == {**numbers, "go_after_yes": timedelta(seconds=1)}


@pytest.mark.parametrize(
    ("address", "fits"),
    [
        ("https://tocsin.example.org", True),
        ("http://localhost:8080", True),
        ("http://tocsin.localhost:8080", True),
        ("http://tocsin.example.org", False),
        ("https://192.0.2.7", False),
        ("https://[2001:db8::7]", False),
    ],
)
def test_passkeys_are_asked_for_only_where_browsers_use_them(folder: Folder, address: str, fits: bool) -> None:
    folder.write("policies.toml", f'{OWN}fresh = "passkey"\nconfirm = [{{ team = "sre" }}]\n')
    folder.change("tocsin.toml", "[site]", f'[site]\npublic_url = "{address}"')
    folder.add("tocsin.toml", "[web]\n")
    if fits:
        assert folder.load().settings.web is not None
        return
    line = folder.line("policies.toml", "fresh =")
    remedy = "[site] public_url must be an https address with a host's name, such as https://tocsin.example.org."
    told = f"policies.toml:{line}: Browsers use no passkey at {address}: {remedy}"
    assert folder.problems() == [told]
