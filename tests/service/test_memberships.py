"""Who is in the teams by another system's word: out at once, recorded, and kept while the system is silent."""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import structlog

from tests.domain.night import BEGIN, RELENG, SRE
from tests.neighbours.slapd import OPS, PASSWORD, PEOPLE, READER, Slapd, slapd
from tests.service.world import E1, World, everybody, until
from tocsin.domain import events as e
from tocsin.domain.commands.confirming import Confirm
from tocsin.domain.commands.watching import LookAgain
from tocsin.domain.errors import RecordUnavailable, Refused, Unreachable
from tocsin.domain.people import Directory, OnCall, Person, PersonId, Team, TeamId
from tocsin.domain.recorded import HOUSE
from tocsin.neighbours.ldap.groups import LdapGroups
from tocsin.neighbours.ldap.settings import LdapSettings
from tocsin.service.clockwork import ITSELF
from tocsin.service.handler import Act
from tocsin.service.memberships import Elsewhere, Teams
from tocsin.service.merging import digested, on_call_members, people
from tocsin.service.ports import Membership, Memberships
from tocsin.service.situating import Configuration
from tocsin.storage.kept_members import MembersFile

GROUP = "cn=ops,dc=example,dc=org"
BO, ZOE = PersonId("bo-sre"), PersonId("zoe")


class Told:
    """A system that says what it is told to say, or nothing."""

    def __init__(self, *names: str) -> None:
        self.names: frozenset[str] | None = frozenset(names)
        self.asked = 0

    async def members(self) -> Mapping[TeamId, frozenset[str]]:
        self.asked += 1
        if self.names is None:
            raise Unreachable("LDAP", "no answer in time")
        return {SRE: self.names}


class Scene:
    """A world whose SRE are told elsewhere, but for mo-sre and pat-both, who stand in the file."""

    def __init__(self, world: World, folder: Path, system: Memberships) -> None:
        self.world, self.system = world, system
        self.file = MembersFile(folder / "members.json")
        self.files = replace(world.situations.configuration, directory=_directory(), digest="files")
        world.situations.configuration = self.files
        self.teams = self.restarted()

    def restarted(self) -> Teams:
        self.teams = Teams(self.world.situations, self.world.handler, self.file, self.world.clock)
        self.use()
        return self.teams

    def use(self, files: Configuration | None = None, group: str = GROUP) -> None:
        asked = Elsewhere(self.system, "LDAP", {SRE: group}, timedelta(minutes=1), timedelta(hours=24))
        self.teams.use(files or self.files, asked)

    @property
    def members(self) -> frozenset[PersonId]:
        return self.world.situations.configuration.directory.members(SRE)

    @property
    def recorded(self) -> list[tuple[str, ...]]:
        events = (each.event for each in self.world.store.read(HOUSE))
        return [each.what for each in events if isinstance(each, e.ConfigurationChanged)]

    async def look(self) -> None:
        """Have the clock look at the request."""
        await self.world.handler.handle(Act(ITSELF, LookAgain(), E1))


def _directory() -> Directory:
    everyone = everybody()
    changed = {
        BO: {"teams": frozenset[TeamId](), "known_as": ("Bo",)},
        PersonId("mo-sre"): {"logins": ("mo",)},
    }
    folk = [replace(each, **changed.get(each.id, {})) for each in everyone.people]  # type: ignore[arg-type] # by names
    teams = tuple(replace(team, elsewhere=team.id == SRE) for team in everyone.teams)
    return Directory((*folk, Person(ZOE, logins=("zoe-q",))), teams)


@pytest.fixture
def told() -> Told:
    return Told("bo")


@pytest.fixture
def scene(world: World, tmp_path: Path, told: Told) -> Scene:
    return Scene(world, tmp_path, told)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Slapd]:
    with slapd(tmp_path / "slapd") as started:
        yield started


async def test_whoever_is_taken_out_of_the_group_has_their_yes_voided_and_whoever_comes_in_must_wait(
    world: World, server: Slapd, tmp_path: Path
) -> None:
    settings = LdapSettings(server.tls_address, PEOPLE, {SRE: OPS}, ca_file=server.ca_file)
    signed_in = replace(settings, bind_dn=READER, password=PASSWORD)
    scene = Scene(world, tmp_path, LdapGroups(signed_in))
    await scene.teams.once()
    await world.ready()
    assert [each.person for each in world.request.confirmations] == ["bo-sre", "kim-releng"]
    server.take_out(OPS, "uid=bo")
    server.add_member(OPS, "cn=Zoe+sn=Quill")
    await scene.teams.once()
    await scene.look()
    assert [each.person for each in world.request.confirmations] == ["kim-releng"]
    assert scene.recorded == [("bo-sre joined SRE",), ("bo-sre left SRE", "zoe joined SRE")]
    assert world.request.proposal is not None
    with pytest.raises(Refused) as refused:
        await world.says("zoe", Confirm(world.request.proposal.check_word))
    assert "members of Release Engineering and SRE who were members before it opened" in str(refused.value)


async def test_people_are_meant_by_id_login_or_what_others_call_them_in_any_case(scene: Scene, told: Told) -> None:
    told.names = frozenset({"BO", "mo", "ADA", "Zoe-Q", "nobody-here"})
    await scene.teams.once()
    assert scene.members == {"bo-sre", "mo-sre", "pat-both", "ada", "zoe"}


def test_a_name_that_two_people_bear_is_nobodys() -> None:
    twins = (Person(PersonId("kim"), logins=("k", "KIM")), Person(PersonId("lee"), known_as=("K",), logins=("lee",)))
    assert people(Directory(twins), {SRE: frozenset({"k", "kim", "lee"})}) == {SRE: {"kim", "lee"}}


async def test_a_name_that_is_nobodys_is_said_once(scene: Scene, told: Told) -> None:
    told.names = frozenset({"nobody-here"})
    with structlog.testing.capture_logs() as logs:
        await scene.teams.once()
        await scene.teams.once()
    said = [each for each in logs if each["event"] == "a member is nobody of the directory"]
    assert [each["name"] for each in said] == ["nobody-here"]
    assert scene.members == {"mo-sre", "pat-both"}


async def test_the_same_members_are_no_news_and_others_are(scene: Scene, told: Told) -> None:
    await scene.teams.once()
    first = scene.world.situations.configuration.digest
    told.names = frozenset({"Bo", "whoever"})
    await scene.teams.once()
    assert scene.world.situations.configuration.digest == first
    assert scene.recorded == [("bo-sre joined SRE",)]
    told.names = frozenset()
    await scene.teams.once()
    assert scene.world.situations.configuration.digest != first
    assert scene.recorded[1:] == [("bo-sre left SRE",)]


def test_a_digest_is_over_teams_people_and_files() -> None:
    one = digested("files", {SRE: frozenset({BO}), RELENG: frozenset()})
    assert one == digested("files", {SRE: frozenset({BO})})
    others: list[tuple[str, dict[TeamId, frozenset[PersonId]]]] = [
        ("files", {}),
        ("files", {RELENG: frozenset({BO})}),
        ("other", {SRE: frozenset({BO})}),
    ]
    assert one not in [digested(*each) for each in others]


async def test_while_it_is_silent_the_last_answer_stands_and_that_is_said_once(scene: Scene, told: Told) -> None:
    await scene.teams.once()
    told.names = None
    scene.world.later(timedelta(hours=23).total_seconds())
    with structlog.testing.capture_logs() as logs:
        await scene.teams.once()
        await scene.teams.once()
    assert [each["event"] for each in logs] == ["who is in the teams is not told"]
    assert logs[0]["so"] == "its answer of 2026-01-10 02:00 UTC stands"
    assert BO in scene.members


async def test_after_a_day_nobody_is_a_member_by_its_word_alone_until_it_answers_again(
    scene: Scene, told: Told
) -> None:
    await scene.teams.once()
    told.names = None
    scene.world.later(timedelta(hours=24).total_seconds())
    await scene.teams.once()
    assert scene.members == {"mo-sre", "pat-both"}
    gone = "LDAP is silent for too long: nobody is a member by its word alone"
    assert scene.recorded[1:] == [(gone, "bo-sre left SRE")]
    assert "LDAP" in scene.world.situations.configuration.unknown
    told.names = frozenset({"bo"})
    await scene.teams.once()
    assert scene.recorded[2:] == [("bo-sre joined SRE",)]
    assert not scene.world.situations.configuration.unknown


async def test_a_restart_while_it_is_silent_knows_the_teams_and_is_no_news(scene: Scene, told: Told) -> None:
    await scene.teams.once()
    told.names = None
    scene.world.later(3600)
    teams = scene.restarted()
    assert BO in scene.members
    await teams.once()
    assert BO in scene.members
    assert len(scene.recorded) == 1
    scene.world.later(timedelta(days=2).total_seconds())
    scene.restarted()
    assert BO not in scene.members


async def test_what_was_answered_about_another_group_makes_nobody_a_member(scene: Scene) -> None:
    await scene.teams.once()
    scene.use(group="cn=others,dc=example,dc=org")
    assert BO not in scene.members
    scene.use()
    assert BO in scene.members


async def test_reading_the_files_again_keeps_members(scene: Scene) -> None:
    await scene.teams.once()
    scene.use(replace(scene.files, digest="other files"))
    assert BO in scene.members
    assert scene.teams.recorded.members(SRE) == scene.members


async def test_most_leaving_at_once_counts_and_is_told_to_the_administrator(scene: Scene, told: Told) -> None:
    told.names = frozenset({"bo", "ada", "zoe"})
    await scene.teams.once()
    told.names = frozenset({"ada"})
    with structlog.testing.capture_logs() as logs:
        await scene.teams.once()
    assert ("error", 2, 3) in [(each["log_level"], each.get("gone"), each.get("of")) for each in logs]
    assert BO not in scene.members
    told.names = frozenset({"ada", "bo"})
    with structlog.testing.capture_logs() as logs:
        await scene.teams.once()
        told.names = frozenset({"ada"})
        await scene.teams.once()
    assert "error" not in [each["log_level"] for each in logs]  # one of two is no more than half


async def test_what_cannot_be_recorded_counts_at_once_and_is_recorded_later(
    scene: Scene, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    await scene.teams.once()
    told.names = frozenset()

    def full(*_: object) -> None:
        raise RecordUnavailable("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(scene.world.store, "append", full)
        await scene.teams.once()
    assert BO not in scene.members
    assert len(scene.recorded) == 1
    await scene.teams.once()
    assert scene.recorded[1:] == [("bo-sre left SRE",)]


async def test_it_is_asked_again_at_once_when_the_files_were_read_again(scene: Scene, told: Told) -> None:
    running = asyncio.create_task(scene.teams.run())
    try:
        await until(lambda: told.asked == 1)
        scene.use()
        await until(lambda: told.asked == 2)
        scene.teams.use(scene.files, None)
        await until(lambda: BO not in scene.members)
        assert scene.world.situations.configuration == scene.files
    finally:
        running.cancel()


def test_who_is_on_call_and_no_member_is_left_out_where_members_are_told_elsewhere() -> None:
    folk = (Person(BO, frozenset({SRE, RELENG})), Person(ZOE))
    teams = (Team(SRE, "SRE", elsewhere=True), Team(RELENG, "Release Engineering"))
    shifts = ((SRE, (BO, ZOE)), (RELENG, (ZOE,)))
    left = on_call_members(OnCall(shifts, ((SRE, (ZOE,)),)), Directory(folk, teams))
    assert left == OnCall(((SRE, (BO,)), (RELENG, (ZOE,))))


def test_the_last_answer_is_kept_for_nobody_else_and_a_torn_file_is_none(tmp_path: Path) -> None:
    file = MembersFile(tmp_path / "members.json")
    assert file.last() is None
    answer = Membership(BEGIN, {SRE: GROUP}, {SRE: frozenset({"bo", "zoë"})})
    file.keep(answer)
    assert file.last() == answer
    assert (tmp_path / "members.json").stat().st_mode & 0o777 == 0o600
    for torn in ('{"at": "2026-', "[]", '{"at": "2026-01-10T02:00:00", "groups": {}, "members": {}}'):
        (tmp_path / "members.json").write_text(torn)
        assert file.last() is None
