"""The starter loads as it is, keeps its secret to itself, and writes over nothing."""

import tomllib
from importlib import resources
from pathlib import Path

import pytest

from tocsin.config.loading import load
from tocsin.config.starter import FILES, Answers, write_starter
from tocsin.domain.errors import Refused


def test_the_starter_loads_without_an_error(tmp_path: Path) -> None:
    written = write_starter(tmp_path / "etc", Answers())
    assert {str(path.relative_to(tmp_path / "etc")) for path in written} == {
        *FILES,
        "secrets/irc-password",
        ".gitignore",
    }
    assert load(tmp_path / "etc").catalogue.targets[0].policy.profile == "both"


def test_the_answers_stand_where_they_belong_whatever_is_in_them(tmp_path: Path) -> None:
    answers = Answers(
        name='The "Example" \\ é',
        origin="t.example.net",
        server="irc.example.net",
        nick="bell",
        channel="#now",
        private_channel="#quiet",
        person="zoe",
        login="zz",
        password="open sesame",
    )
    write_starter(tmp_path, answers)
    loaded = load(tmp_path)
    irc = loaded.settings.irc
    assert irc is not None
    assert irc.sign_in is not None
    assert (loaded.settings.site.name, loaded.settings.record.origin) == ('The "Example" \\ é', "t.example.net")
    assert (irc.servers[0].host, irc.nick, irc.sign_in.password) == ("irc.example.net", "bell", "open sesame")
    assert [channel.name for channel in irc.channels] == ["#now", "#quiet"]
    assert (loaded.directory.people[0].id, loaded.directory.people[0].logins) == ("zoe", ("zz",))
    assert "open sesame" not in repr(answers)


def test_the_secret_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    write_starter(tmp_path, Answers())
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "secrets/irc-password").stat().st_mode & 0o777 == 0o600


def test_nothing_is_written_over_and_then_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "rota.toml").write_text("mine")
    with pytest.raises(Refused, match="is there already: nothing was written"):
        write_starter(tmp_path, Answers())
    assert [path.name for path in tmp_path.iterdir()] == ["rota.toml"]
    assert (tmp_path / "rota.toml").read_text() == "mine"


@pytest.mark.parametrize("person", ["lin", "tocsin", "Zoe Z", '"]'])
def test_a_person_who_cannot_be_is_refused(tmp_path: Path, person: str) -> None:
    with pytest.raises(Refused, match="cannot be a person here"):
        write_starter(tmp_path, Answers(person=person))
    assert not list(tmp_path.iterdir())


def test_every_shipped_file_is_written() -> None:
    shipped = resources.files("tocsin.config") / "starter"
    names = {file.name for file in shipped.iterdir() if file.is_file()}
    names |= {f"targets/{file.name}" for file in (shipped / "targets").iterdir()}
    assert names == set(FILES)


def test_what_stands_behind_a_hash_in_the_starter_is_right_too(tmp_path: Path) -> None:
    write_starter(tmp_path, Answers(password="x"))
    for file in ("tocsin.toml", "policies.toml", "calendar.toml", "rota.toml"):
        path = tmp_path / file
        lines = [line.removeprefix("# ") if _is_setting(line) else line for line in path.read_text().splitlines()]
        path.write_text("\n".join(lines))
    load(tmp_path)


def _is_setting(line: str) -> bool:
    """A comment that is TOML by itself was written to be taken out of its comment."""
    try:
        return line.startswith("# ") and bool(tomllib.loads(line.removeprefix("# ")))
    except tomllib.TOMLDecodeError:
        return False
