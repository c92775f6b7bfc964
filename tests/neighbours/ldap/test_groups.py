"""Teams from a real LDAP server: every kind of group, nothing without a trusted certificate, and an answer in time."""

import asyncio
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import get_ident

import pytest

from tests.neighbours.slapd import BASE, OPS, PASSWORD, PEOPLE, READER, RELENG, SECURITY, Slapd, slapd
from tocsin.domain.errors import Unreachable
from tocsin.domain.people import TeamId
from tocsin.neighbours.ldap import groups as rules
from tocsin.neighbours.ldap.groups import LdapGroups
from tocsin.neighbours.ldap.settings import LdapSettings

SRE, RELEASE, SEC = TeamId("sre"), TeamId("releng"), TeamId("security")
GROUPS = {SRE: OPS, RELEASE: RELENG, SEC: SECURITY}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Slapd]:
    with slapd(tmp_path_factory.mktemp("ldap") / "slapd") as server:
        yield server


@pytest.fixture
def settings(shared: Slapd) -> LdapSettings:
    return LdapSettings(shared.tls_address, PEOPLE, GROUPS, ca_file=shared.ca_file, bind_dn=READER, password=PASSWORD)


async def refusal(settings: LdapSettings) -> str:
    with pytest.raises(Unreachable) as caught:
        await LdapGroups(settings).members()
    assert PASSWORD not in str(caught.value)
    return caught.value.why


def busy() -> list[str]:
    """Return where every other thread is just now."""
    return [each.f_code.co_filename for ident, each in sys._current_frames().items() if ident != get_ident()]


async def test_members_are_known_by_their_entries_and_by_their_names(settings: LdapSettings) -> None:
    told = await LdapGroups(settings).members()
    assert told == {SRE: {"bo", "mo"}, RELEASE: {"pat", "zoe"}, SEC: {"sam", "lin"}}


async def test_an_entry_that_is_gone_or_lies_elsewhere_is_no_member(settings: LdapSettings) -> None:
    assert "cy" not in (await LdapGroups(settings).members())[SRE]
    wider = await LdapGroups(replace(settings, user_base=BASE)).members()
    assert wider[SRE] == {"bo", "mo", "robot"}


async def test_another_attribute_may_be_the_name(settings: LdapSettings) -> None:
    told = await LdapGroups(replace(settings, name_attribute="CN")).members()
    assert told[RELEASE] == {"Quill, Pat *(releng)", "Zoe"}


@pytest.mark.parametrize("at_once", [1, 200])
async def test_many_members_are_asked_for_in_several_questions_and_told_in_several_pages(
    settings: LdapSettings, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(rules, "AT_ONCE", at_once)
    monkeypatch.setattr(rules, "PAGE", 1)
    assert (await LdapGroups(settings).members())[SRE] == {"bo", "mo"}


async def test_groups_of_too_many_members_are_no_answer(
    settings: LdapSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "MOST_MEMBERS", 3)
    assert await refusal(settings) == "the groups have more than 3 members: name smaller ones"


async def test_a_group_that_is_not_there_or_not_shown_has_no_members(settings: LdapSettings) -> None:
    gone = {SRE: f"cn=gone,ou=groups,{BASE}", SEC: f"cn=hidden,ou=groups,{BASE}"}
    assert await LdapGroups(replace(settings, groups=gone)).members() == {SRE: frozenset(), SEC: frozenset()}


async def test_start_tls_serves_as_well_and_anybody_may_ask_where_the_server_lets_them(
    settings: LdapSettings, shared: Slapd
) -> None:
    started = replace(settings, address=shared.address, start_tls=True)
    assert (await LdapGroups(started).members())[SRE] == {"bo", "mo"}
    anybody = replace(settings, bind_dn="", password="")
    assert (await LdapGroups(anybody).members())[SRE] == {"bo", "mo"}
    plain = replace(settings, address=shared.address)
    assert (await LdapGroups(plain).members())[SRE] == {"bo", "mo"}


async def test_a_wrong_password_is_said_without_saying_it(settings: LdapSettings) -> None:
    why = await refusal(replace(settings, password=f"{PASSWORD}x"))
    assert why == "it does not take bind_dn with the password of password_file"
    assert PASSWORD not in repr(settings)


@pytest.mark.parametrize("start_tls", [False, True])
async def test_a_certificate_that_nobody_vouches_for_is_not_taken(
    settings: LdapSettings, shared: Slapd, start_tls: bool
) -> None:
    address = shared.address if start_tls else shared.tls_address
    why = await refusal(replace(settings, address=address, start_tls=start_tls, ca_file=""))
    assert why == "its certificate is not trusted: self-signed certificate (ca_file names whom to trust)"


async def test_a_certificate_of_another_name_is_not_taken(settings: LdapSettings, shared: Slapd) -> None:
    why = await refusal(replace(settings, address=f"ldaps://127.0.0.2:{shared.tls_port}"))
    assert why.startswith("its certificate is not trusted: IP address mismatch")


async def test_a_base_that_is_not_there_is_no_answer(settings: LdapSettings) -> None:
    why = await refusal(replace(settings, user_base=f"ou=staff,{BASE}"))
    assert why == f"there is no ou=staff,{BASE}, or it is not shown: mend user_base"


@pytest.mark.parametrize("start_tls", [False, True])
async def test_a_server_that_hangs_is_given_up_in_time_and_no_thread_goes_on_waiting(
    settings: LdapSettings, shared: Slapd, start_tls: bool
) -> None:
    address = shared.address if start_tls else shared.tls_address
    with shared.hanging():
        began = time.monotonic()
        with pytest.raises(Unreachable, match="no answer in time"):
            await LdapGroups(replace(settings, address=address, start_tls=start_tls), seconds=0.3).members()
        while any("ldap3" in file or file.endswith("ssl.py") for file in busy()):
            assert time.monotonic() - began < 2
            await asyncio.sleep(0.02)
    assert (await LdapGroups(settings).members())[SRE] == {"bo", "mo"}


async def test_a_server_that_is_gone_is_asked_again_when_it_is_back(settings: LdapSettings, tmp_path: Path) -> None:
    with slapd(tmp_path / "slapd") as server:
        groups = LdapGroups(replace(settings, address=server.tls_address, ca_file=server.ca_file))
        assert (await groups.members())[SRE] == {"bo", "mo"}
        server.kill()
        with pytest.raises(Unreachable, match="no usable answer"):
            await groups.members()
        server.start()
        server.take_out(OPS, "uid=bo")
        assert (await groups.members())[SRE] == {"mo"}


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"\x30\x00",
        b"\x30\x05\x02\x01\x01\x61\x00",
        b"\x30\x0c\x02\x01\x01\x61\x07\x0a\x01\x00\x04\x00\x04\x05",
        b"\x30\x0c\x02\x01\x01\x61\x07\x0a\x01\x00\x04\x01\xff\x04\x00",
        b"\x30\x0c\x02\x01\x00\x78\x07\x0a\x01\x00\x04\x00\x04\x00",
        b"\x30\x0c\x02\x01\x01\x65\x07\x0a\x01\x00\x04\x00\x04\x00",
        b"\x31\x84\xff\xff\xff\xff" * 20,
        bytes(range(256)),
    ],
)
async def test_what_no_ldap_would_say_is_no_answer(settings: LdapSettings, answer: bytes) -> None:
    async def talk(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(answer)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(Unreachable):
            await LdapGroups(replace(settings, address=f"ldap://127.0.0.1:{port}"), seconds=1).members()
