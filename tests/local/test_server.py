"""What a client may do to the server without ending it, where it listens, and how it stops."""

import asyncio
import json
import os
import pwd
import socket
import stat
from pathlib import Path

import pytest

from tests.local.office import LOGIN, PATIENCE_SECONDS, Office
from tests.service.world import E1
from tocsin.domain.commands.opening import LONGEST_WORDING
from tocsin.domain.errors import TocsinError
from tocsin.domain.people import Directory
from tocsin.domain.request import Status
from tocsin.local import server as served
from tocsin.local.messages import LONGEST_LINE
from tocsin.local.speakers import login_of, speaker

ANOTHER_UID = pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else os.geteuid()


async def test_the_kernel_tells_which_account_is_at_the_other_end(office: Office) -> None:
    descriptor = office.connects_as(ANOTHER_UID)
    reader, writer = await asyncio.open_connection(sock=socket.socket(fileno=descriptor))
    writer.write(b'{"verb": "go", "request": "E1", "fields": {}, "person": "ada", "login": "root"}\n')
    await office.asks()
    writer.write(b'{"verb": "withdraw", "request": "E1"}\n')
    await reader.readline()
    answer = json.loads(await reader.readline())
    writer.close()
    name = pwd.getpwuid(ANOTHER_UID).pw_name
    if name == LOGIN:
        assert answer["outcome"] == "done"
    else:
        assert f"The directory has nobody with the login {name}" in answer["lines"][0]


def test_an_account_without_a_name_is_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    def nameless(uid: int) -> pwd.struct_passwd:
        raise KeyError(uid)

    monkeypatch.setattr(pwd, "getpwuid", nameless)
    one, other = socket.socketpair(socket.AF_UNIX)
    with one, other:
        assert login_of(one) == str(os.geteuid())


def test_a_login_that_nobody_has_is_somebody_unverified() -> None:
    stranger = speaker("zoe", Directory(), "")
    assert not stranger.verified
    assert stranger.doubt == "The directory has nobody with the login zoe; an administrator can add it to logins."


@pytest.mark.parametrize(
    "garbage",
    [
        b"\n",
        b"hello\n",
        b"\xff\xfe\x00\n",
        b"[]\n",
        b"{}\n",
        b'"list"\n',
        b'{"verb": 7}\n',
        b'{"verb": "Go!"}\n',
        b'{"verb": "go", "request": 17}\n',
        b'{"verb": "go", "request": "17"}\n',
        b'{"verb": "go", "request": "E1 E2"}\n',
        b'{"verb": "go", "fields": [1]}\n',
        b'{"verb": "go", "key": "short"}\n',
        b'{"verb": "help", "words": 5}\n',
        b'{"verb": "fly", "request": "E1"}\n',
        b'{"verb": "hold", "request": "E1"}\n',
        b'{"verb": "hold", "request": "E1", "fields": {"reason": 5}}\n',
        b'{"verb": "hold", "request": "E1", "fields": {"reason": "two\\nlines"}}\n',
        b'{"verb": "hold", "request": "E1", "fields": {"reason": "\\ud800"}}\n',
        b'{"verb": "hold", "request": "E1", "fields": {"reason": "x", "person": "lin"}}\n',
        b'{"verb": "ran", "request": "E1", "fields": {"ran": "yes"}}\n',
        b'{"verb": "emergency", "fields": {"wording": "x", "channel": "", "wish": []}}\n',
        b'{"verb": "emergency", "fields": {"wording": "x", "channel": "", "wish": {"reason": "boredom"}}}\n',
        b'{"verb": "emergency", "fields": {"wording": "x", "channel": "", "wish": {"values": [["a"]]}}}\n',
        b'{"verb": "emergency", "fields": {"wording": "x", "channel": "", "wish": {"values": "a=b"}}}\n',
        b"[" * 60_000 + b"\n",
        b'{"a":' * 10_000 + b"\n",
    ],
)
async def test_garbage_is_answered_with_a_sentence_and_changes_nothing(office: Office, garbage: bytes) -> None:
    answer = await office.sends_raw(garbage)
    assert answer["outcome"] == "malformed"
    assert answer["lines"][0].endswith((".", "!help", "}"))
    assert office.store.since(0, 10) == ()
    assert (await office.says("list"))["outcome"] == "told"


async def test_a_text_longer_than_a_line_of_people_is_refused(office: Office) -> None:
    await office.asks()
    answer = await office.says("note", E1, text="x" * (LONGEST_WORDING + 1))
    assert answer["lines"] == ["note: text has 2001 characters; say it in at most 2000."]


async def test_an_oversized_line_is_refused_and_its_connection_closed(office: Office) -> None:
    reader, writer = await asyncio.open_unix_connection(office.path)
    writer.write(b"x" * (LONGEST_LINE + 100) + b"\n")
    answer = json.loads(await reader.readline())
    assert answer == {"outcome": "malformed", "lines": [f"A line is at most {LONGEST_LINE} bytes long."]}
    assert await reader.read() == b""
    writer.close()
    assert (await office.says("list"))["outcome"] == "told"


async def test_several_lines_on_one_connection_are_answered_in_order(office: Office) -> None:
    reader, writer = await asyncio.open_unix_connection(office.path)
    writer.write(b'{"verb": "list"}\n{"verb": "fly"}\n{"verb": "now"}\n')
    outcomes = [json.loads(await reader.readline())["outcome"] for _ in range(3)]
    writer.close()
    assert outcomes == ["told", "malformed", "told"]


async def test_an_act_whose_client_went_away_is_done_all_the_same(office: Office) -> None:
    await office.starts()
    office.becomes("bo-sre")
    _, writer = await asyncio.open_unix_connection(office.path)
    writer.write(b'{"verb": "stop", "request": "E1", "fields": {}}\n')
    writer.transport.abort()
    async with asyncio.timeout(PATIENCE_SECONDS):
        while office.request.status is not Status.PAUSED:
            await asyncio.sleep(0.01)
    assert (await office.says("list"))["outcome"] == "told"


async def test_half_a_line_does_nothing(office: Office) -> None:
    await office.starts()
    office.becomes("bo-sre")
    reader, writer = await asyncio.open_unix_connection(office.path)
    writer.write(b'{"verb": "stop", "request": "E1"')
    writer.write_eof()
    assert json.loads(await reader.readline())["outcome"] == "malformed"
    writer.close()
    assert office.request.status is Status.DEPLOYING


async def test_a_client_that_says_nothing_is_let_go(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(served, "SILENCE_SECONDS", 0.05)
    reader, writer = await asyncio.open_unix_connection(office.path)
    async with asyncio.timeout(PATIENCE_SECONDS):
        assert await reader.read() == b""
    writer.close()


async def test_one_login_cannot_take_the_places_of_all_others(office: Office) -> None:
    idle = [await asyncio.open_unix_connection(office.path) for _ in range(served.MOST_OF_ONE)]
    await asyncio.sleep(0)
    answer = await office.sends_raw(b"")
    assert answer["lines"] == ["Too many talk to the server at once; say it again in a moment."]
    for _, writer in idle:
        writer.close()
    async with asyncio.timeout(PATIENCE_SECONDS):
        while (await office.says("list"))["outcome"] != "told":
            await asyncio.sleep(0.01)


async def test_a_mistake_of_ours_in_one_line_ends_nothing(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks() -> Directory:
        raise RuntimeError("a mistake")

    monkeypatch.setattr(office.server, "_directory", breaks)
    answer = await office.says("list")
    assert answer["outcome"] == "broken"
    monkeypatch.undo()
    assert (await office.says("list"))["outcome"] == "told"


async def test_everybody_on_the_machine_may_connect(office: Office) -> None:
    mode = office.path.stat().st_mode
    assert stat.S_ISSOCK(mode)
    assert stat.S_IMODE(mode) == 0o666


async def test_the_sockets_file_is_gone_when_the_server_has_stopped(office: Office) -> None:
    await office.server.stop()
    assert not office.path.exists()
    await office.server.stop()


async def test_a_stop_does_not_wait_for_idle_clients(office: Office) -> None:
    reader, writer = await asyncio.open_unix_connection(office.path)
    writer.write(b'{"verb": "list"}\n')
    await reader.readline()
    async with asyncio.timeout(5):
        await office.server.stop()
        assert await reader.read() == b""
    writer.close()


async def test_a_second_server_is_refused_and_the_first_goes_on(office: Office) -> None:
    with pytest.raises(TocsinError, match=f"Another tocsin listens on {office.path}: stop it first"):
        await office.another().start(office.path)
    assert (await office.says("list"))["outcome"] == "told"


async def test_the_socket_of_a_server_that_died_is_replaced(office: Office) -> None:
    await office.server.stop()
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(office.path))
    newer = office.another()
    await newer.start(office.path)
    assert (await office.says("list"))["outcome"] == "told"
    await newer.stop()


@pytest.mark.parametrize("kind", ["file", "folder", "link"])
async def test_what_is_no_socket_is_never_taken_away(office: Office, tmp_path: Path, kind: str) -> None:
    place = tmp_path / "here"
    match kind:
        case "file":
            place.write_text("precious")
        case "folder":
            place.mkdir()
        case _:
            place.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(TocsinError, match="is there and is no socket: move it away, or name another one in"):
        await office.another().start(place)
    assert place.is_symlink() or place.exists()


async def test_a_place_where_nothing_can_be_made_is_a_sentence(office: Office) -> None:
    with pytest.raises(TocsinError, match=r"Cannot listen on /proc/nowhere/tocsin\.sock: "):
        await office.another().start(Path("/proc/nowhere/tocsin.sock"))


async def test_a_socket_that_another_server_put_there_stays(office: Office) -> None:
    office.path.unlink()
    newer = office.another()
    await newer.start(office.path)
    await office.server.stop()
    assert (await office.says("list"))["outcome"] == "told"
    await newer.stop()
    assert not office.path.exists()
