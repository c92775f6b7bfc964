"""Profiles, shipped and own, read into policies; whether real people can meet them is found out in `meeting`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib import resources
from typing import Annotated

from pydantic import AfterValidator, Field, Strict

from tocsin.config.checking import Table, parse
from tocsin.config.files import SHIPPED_PROFILES
from tocsin.config.limits import LimitsTable
from tocsin.config.names import Name, Sentence
from tocsin.config.positions import Path
from tocsin.config.problems import Report
from tocsin.config.reading import Source, read
from tocsin.domain.people import TeamId
from tocsin.domain.plan import Reason, Remedy
from tocsin.domain.policy import Demand, Fresh, Limits, Look, Policy


def _somebody(count: int) -> int:
    if count < 1:
        raise ValueError(f"must be at least 1, not {count}: a policy that asks nobody can never be met")
    return count


class DemandTable(Table):
    """One demand for confirmations."""

    team: Name = Field(description="The team whose yes is needed.")
    count: Annotated[int, AfterValidator(_somebody)] = Field(
        default=1, description="How many different people of the team must say yes."
    )
    on_call: bool = Field(default=False, description="Whether only who is on call counts, while that person answers.")


def _asking_somebody(demands: list[DemandTable]) -> list[DemandTable]:
    if not demands:
        raise ValueError("is an empty list: a policy that asks nobody can never be met")
    return demands


def _each_team_once(demands: list[DemandTable]) -> list[DemandTable]:
    teams = [demand.team for demand in demands]
    if doubled := next((team for team in teams if teams.count(team) > 1), None):
        raise ValueError(f"names {doubled} twice: write it once, with count = {teams.count(doubled)}")
    return demands


Demands = Annotated[list[DemandTable], AfterValidator(_asking_somebody), AfterValidator(_each_team_once)]
AnyReason = Annotated[Reason, Strict(False)]
AnyRemedy = Annotated[Remedy, Strict(False)]


class ProfileTable(Table):
    """One profile: who must confirm, who is told, and what else is asked."""

    version: Sentence = Field(description="Which wording of the profile this is; raise it with every change.")
    since: date = Field(description="The day from which this version is in force.")
    about: str = Field(default="", description="Where the profile comes from.")
    confirm: Demands = Field(description="Which teams must confirm.")
    informed: list[Name] = Field(default=[], description="Teams that are told and may hold, but are not asked.")
    for_reason: dict[AnyReason, Demands] = Field(default={}, description="Who must confirm besides, for each reason.")
    for_remedy: dict[AnyRemedy, Demands] = Field(default={}, description="Who must confirm besides, for each remedy.")
    in_freeze: Demands = Field(default=[], description="Who must confirm besides while a freeze holds.")
    author_may_confirm: bool = Field(default=False, description="Whether who wrote the change may confirm it too.")
    look: Annotated[Look, Strict(False)] = Field(default=Look.TWO, description="Who must say good at a checkpoint.")
    fresh: Annotated[Fresh, Strict(False)] = Field(
        default=Fresh.NONE, description="What a yes on the page takes beside the session, used for that very yes."
    )
    broken_now: bool = Field(
        default=False, description="Whether a window that is open or near is no reason to ask back."
    )
    banner: Sentence = Field(default="", description="A line that is shown with every request.")
    template: Sentence = Field(default="", description="How people ask, as the line that they are used to type.")
    limits: LimitsTable = Field(default=LimitsTable(), description="Limits in time of this profile alone.")


class PoliciesFile(Table):
    """Profiles of your own, in the same form as the shipped ones, and the limits in time of all profiles."""

    COLLECTIONS = frozenset({"profiles"})

    limits: LimitsTable = Field(
        default=LimitsTable(), description="Limits in time of every profile, the shipped ones too."
    )
    profiles: dict[Name, ProfileTable] = Field(
        default={}, description="Your own profiles, each in a table of its name."
    )


@dataclass(frozen=True, slots=True)
class Policies:
    """Every policy by the name of its profile; `own` are the organisation's, `faulty` could not be read."""

    known: Mapping[str, Policy]
    own: tuple[str, ...] = ()
    faulty: frozenset[str] = frozenset()
    templates: Mapping[str, str] = field(default_factory=dict)


def read_policies(source: Source) -> Policies:
    """Read the own profiles beside the shipped ones."""
    written = parse(PoliciesFile, source).value or PoliciesFile()
    shipped = shipped_profiles()
    for name in written.profiles.keys() & shipped.keys():
        source.error(("profiles", name), f"{name} is a profile that comes with tocsin: give yours another name.")
    profiles = dict(sorted({**written.profiles, **shipped}.items()))
    limits = written.limits.over(Limits())
    _refuse_haste(source, "No profile can ever", (), limits)
    policies = {name: _policy(name, profile, limits) for name, profile in profiles.items()}
    for name in written.profiles:
        _refuse_haste(source, f"The profile {name} can never", ("profiles", name), policies[name].limits)
    return Policies(
        known=policies,
        own=tuple(name for name in written.profiles if name not in shipped),
        faulty=frozenset(source.names("profiles")) - profiles.keys(),
        templates={name: profile.template for name, profile in profiles.items() if profile.template},
    )


def shipped_profiles() -> Mapping[str, ProfileTable]:
    """Return the profiles that come with the tool; a fault in them is a mistake of ours and raises `Misconfigured`."""
    report = Report()
    with resources.as_file(resources.files("tocsin.config") / SHIPPED_PROFILES) as path:
        source = read(path.parent, SHIPPED_PROFILES, report)
    written = parse(PoliciesFile, source).value if source else None
    report.raise_if_wrong()
    assert written is not None, "what has no fault has a value"
    return written.profiles


def _policy(name: str, profile: ProfileTable, limits: Limits) -> Policy:
    return Policy(
        profile=name,
        version=f"{profile.version} of {profile.since}",
        confirm=_demands(profile.confirm),
        informed=tuple(TeamId(team) for team in profile.informed),
        for_reason=tuple((reason, _demands(asked)) for reason, asked in sorted(profile.for_reason.items())),
        for_remedy=tuple((remedy, _demands(asked)) for remedy, asked in sorted(profile.for_remedy.items())),
        in_freeze=_demands(profile.in_freeze),
        author_may_confirm=profile.author_may_confirm,
        look=profile.look,
        fresh=profile.fresh,
        broken_now=profile.broken_now,
        banner=profile.banner,
        limits=profile.limits.over(limits),
    )


def _demands(tables: list[DemandTable]) -> tuple[Demand, ...]:
    return tuple(Demand(TeamId(table.team), table.count, on_call=table.on_call) for table in tables)


def _refuse_haste(source: Source, who_can: str, table: Path, limits: Limits) -> None:
    """A yes that is too old before go may be said can never lead to a deployment; told where it is written."""
    path = (*table, "limits", "yes_lasts")
    if limits.yes_lasts <= limits.go_after_yes and path[:-1] in source.positions.lines:
        source.error(path, f"{who_can} be met: yes_lasts is no longer than go_after_yes.")
