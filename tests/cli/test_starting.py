"""`tocsin init` asks nothing, writes what loads, keeps what is there, and says what comes next."""

import os
import pwd
from pathlib import Path

import pytest

from tests.cli.running import process, run
from tocsin.cli import exits
from tocsin.config.loading import load
from tocsin.config.starter import FILES


def test_what_it_writes_passes_its_own_check(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    ended = run("init", str(folder))
    assert (ended.code, ended.err) == (exits.DONE, "")
    assert all((folder / file).is_file() for file in FILES)
    assert run("config", "check", str(folder)).code == exits.DONE


def test_it_asks_nothing(tmp_path: Path) -> None:
    with Path(os.devnull).open() as nothing:
        assert process("init", str(tmp_path / "new"), stdin=nothing).returncode == exits.DONE


def test_it_says_every_next_step(tmp_path: Path) -> None:
    folder = tmp_path / "a folder"
    out = run("init", str(folder)).out
    for step in (
        f"Put the bot's password into {folder}/secrets/irc-password",
        f"tocsin config check '{folder}'",
        f"tocsin config check --online '{folder}'",
        f"tocsin --config '{folder}' directory pin",
        f"tocsin --config '{folder}' serve",
    ):
        assert step in out


def test_options_stand_in_the_configuration(tmp_path: Path) -> None:
    run(
        "init", str(tmp_path / "new"), "--server", "irc.example.net", "--nick", "bell", "--channel", "#now",
        "--person", "zoe", "--login", "zz", "--name", "Paint", "--origin", "paint.example.org",
    )  # fmt: skip
    loaded = load(tmp_path / "new")
    irc = loaded.settings.irc
    assert irc is not None
    assert (irc.servers[0].host, irc.nick) == ("irc.example.net", "bell")
    assert [channel.name for channel in irc.channels] == ["#now", "#now-private"]
    assert (loaded.directory.people[0].id, loaded.directory.people[0].logins) == ("zoe", ("zz",))
    assert (loaded.settings.site.name, loaded.settings.record.origin) == ("Paint", "paint.example.org")


@pytest.mark.parametrize(("login", "person"), [("kit", "kit"), ("kit-2", "kit-2"), ("lin", "ada"), ("kit.w", "ada")])
def test_whoever_writes_it_is_in_the_directory(tmp_path: Path, login: str, person: str) -> None:
    assert run("init", str(tmp_path / "new"), env={"SUDO_USER": login}).code == exits.DONE
    first = load(tmp_path / "new").directory.people[0]
    assert (first.id, first.logins) == (person, (login,))


@pytest.mark.parametrize("login", ["Kit", "1001"])
def test_a_login_of_another_kind_is_left_to_be_written_by_hand(tmp_path: Path, login: str) -> None:
    assert run("init", str(tmp_path / "new"), env={"SUDO_USER": login}).code == exits.DONE
    assert load(tmp_path / "new").directory.people[0].logins == ("ada",)


@pytest.mark.parametrize(
    ("option", "value", "sentence"),
    [
        ("--channel", "operations", "is a channel such as #operations, without spaces"),
        ("--nick", "to csin", "is not a nick that IRC allows"),
        ("--login", "Kit", "is not a unix account name (a-z, 0-9, _, . and -)"),
        ("--origin", "a b", "is a name such as tocsin.example.org, without spaces or a plus"),
        ("--server", "irc example", "host is a host name or an address"),
    ],
)
def test_what_would_not_load_is_not_written(tmp_path: Path, option: str, value: str, sentence: str) -> None:
    ended = run("init", str(tmp_path / "new"), option, value)
    assert (ended.code, ended.out) == (exits.USAGE, "")
    assert ended.err.startswith("Nothing was written: ")
    assert sentence in ended.err
    assert not (tmp_path / "new").exists()


def test_without_sudo_it_is_the_account_that_runs_it(tmp_path: Path) -> None:
    run("init", str(tmp_path / "new"), env={"SUDO_USER": None})
    assert load(tmp_path / "new").directory.people[0].logins == (pwd.getpwuid(os.getuid()).pw_name,)


def test_nothing_that_is_there_is_written_over(configuration: Path) -> None:
    before = (configuration / "tocsin.toml").read_bytes()
    ended = run("init", str(configuration), "--name", "Other")
    assert (ended.code, ended.out) == (exits.REFUSED, "")
    assert f"{configuration}/tocsin.toml is there already: nothing was written." in ended.err.splitlines()
    assert (configuration / "tocsin.toml").read_bytes() == before


def test_a_person_who_cannot_be_is_refused(tmp_path: Path) -> None:
    ended = run("init", str(tmp_path / "new"), "--person", "Zoe Z")
    assert ended.code == exits.REFUSED
    assert "cannot be a person here" in ended.err
    assert not (tmp_path / "new").exists()


def test_a_file_in_the_way_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ended = run("init", str(tmp_path / "file"))
    assert ended.code == exits.UNWRITTEN
    assert ended.err == f"{tmp_path}/file cannot be written: File exists.\n"


def test_a_place_where_nothing_can_be_made_is_one_sentence() -> None:
    ended = run("init", "/proc/nowhere")
    assert ended.code == exits.UNWRITTEN
    assert ended.err == "/proc/nowhere cannot be written: No such file or directory.\n"
