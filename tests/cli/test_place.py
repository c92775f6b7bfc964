"""Where the configuration and the socket are looked for, and that nothing broken keeps anybody from the server."""

from pathlib import Path

import pytest

from tocsin.cli.place import DEFAULT_FOLDER, folder, socket_place


def test_the_folder_is_the_one_given_then_the_environments_then_this_one_then_the_usual(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert folder(None) == DEFAULT_FOLDER
    Path("tocsin.toml").write_text("")
    assert folder(None) == Path()
    monkeypatch.setenv("TOCSIN_CONFIG", str(tmp_path / "other"))
    assert folder(None) == tmp_path / "other"
    assert folder("given") == Path("given")


def test_the_socket_is_where_the_configuration_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tocsin.toml").write_text('[site]\ndata = "/var/lib/tocsin"\n[local]\nsocket = "s"\n')
    assert socket_place(str(tmp_path)).path == Path("/var/lib/tocsin/s")
    (tmp_path / "tocsin.toml").write_text("")
    assert socket_place(str(tmp_path)).path == tmp_path / "data/tocsin.sock"
    monkeypatch.setenv("TOCSIN_SOCKET", "/run/tocsin.sock")
    assert socket_place(str(tmp_path)).path == Path("/run/tocsin.sock")


@pytest.mark.parametrize("text", ["= broken", "site = 7", "[site]\ndata = 7", "[[site]]", "a = " + "[" * 5000])
def test_a_broken_file_still_leads_to_the_usual_socket(tmp_path: Path, text: str) -> None:
    (tmp_path / "tocsin.toml").write_text(text)
    assert socket_place(str(tmp_path)).path == tmp_path / "data/tocsin.sock"


def test_what_stands_in_the_way_of_reading_is_said(tmp_path: Path) -> None:
    assert socket_place(str(tmp_path)).doubt == (
        f"There is no tocsin.toml in {tmp_path}: name its folder with --config, or make one with tocsin init."
    )
    top = tmp_path / "tocsin.toml"
    top.write_text("= broken")
    assert socket_place(str(tmp_path)).doubt == f"{top} is broken: tocsin config check {tmp_path}"
    assert socket_place(str(top)).doubt == f"{top} is not a folder: --config takes the folder of tocsin.toml."
    top.unlink()
    top.mkdir()
    assert socket_place(str(tmp_path)).doubt == (
        f"{top} cannot be read: Is a directory. TOCSIN_SOCKET can name the socket instead."
    )
