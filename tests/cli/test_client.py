"""Days on which no server answers: each has its sentence and its code, and says what to do."""

import json
import socket
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.running import run
from tocsin.cli import client, exits
from tocsin.cli.client import LONGEST_LINE, ServerUnreachable, TooLong, ask


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "s"


def unreachable(place: Path, patience_seconds: float = 10.0) -> str:
    with pytest.raises(ServerUnreachable) as caught:
        ask(place, {"verb": "list"}, patience_seconds)
    return str(caught.value)


@contextmanager
def answering(place: Path, answer: Callable[[socket.socket], None]) -> Iterator[None]:
    """Something listens, and does this with the one who comes."""
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(place))
        listening.listen()

        def serve() -> None:
            talking, _ = listening.accept()
            with talking:
                answer(talking)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield
        finally:
            thread.join(10)


def test_without_a_socket_there_is_no_server(place: Path) -> None:
    assert unreachable(place) == f"There is no server here ({place} is missing). Start it: tocsin serve"


def test_a_socket_that_nobody_listens_on_was_left_by_a_server_that_died(place: Path) -> None:
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(place))
    assert stat.S_ISSOCK(place.stat().st_mode)
    assert unreachable(place) == f"The server does not answer on {place}; it may have died. Start it: tocsin serve"


def test_a_server_that_does_not_answer_is_not_waited_for_without_end(place: Path) -> None:
    done = threading.Event()

    def wait(_: socket.socket) -> None:
        done.wait(10)

    with answering(place, wait):
        assert unreachable(place, 0.1) == ("The server did not answer within 0 s. What is so now: tocsin request list")
        done.set()


def test_a_server_that_goes_away_in_the_middle_leaves_it_open_what_was_done(place: Path) -> None:
    with answering(place, lambda talking: talking.sendall(b'{"outcome": "do')):
        assert unreachable(place) == "The server went away before it answered. What is so now: tocsin request list"


@pytest.mark.parametrize("line", [b"hello\n", b"[]\n", b"\xff\n"])
def test_what_answers_otherwise_is_not_tocsin(place: Path, line: bytes) -> None:
    def answer(talking: socket.socket) -> None:
        talking.recv(1000)
        talking.sendall(line)

    with answering(place, answer):
        assert unreachable(place) == f"What answers on {place} is not tocsin, or one of another version."


def test_an_answer_without_end_is_not_read_to_the_end(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "LONGEST_ANSWER", 1000)

    def answer(talking: socket.socket) -> None:
        talking.recv(1000)
        with pytest.raises(OSError, match=r"Broken pipe|reset"):
            while True:
                talking.sendall(b"x" * 1000)

    with answering(place, answer):
        assert unreachable(place).startswith("The server went away")


def test_a_path_too_long_for_a_socket_is_a_sentence(tmp_path: Path) -> None:
    assert unreachable(tmp_path / ("x" * 200)).endswith("AF_UNIX path too long.")


def test_a_line_that_the_server_would_not_take_is_not_sent(place: Path) -> None:
    asking = {"verb": "note", "fields": {"text": "x" * LONGEST_LINE}}
    with pytest.raises(TooLong, match=r"That is \d+ bytes, and the server takes 65536: say it shorter\."):
        ask(place, asking)


def test_no_server_ends_with_its_own_code(configuration: Path) -> None:
    ended = run("--config", str(configuration), "request", "list")
    place = configuration / "data/tocsin.sock"
    assert (ended.code, ended.out) == (exits.UNREACHABLE, "")
    assert ended.err == f"There is no server here ({place} is missing). Start it: tocsin serve\n"


def test_no_server_is_said_in_json_too(configuration: Path) -> None:
    ended = run("--config", str(configuration), "request", "list", "--json")
    assert ended.code == exits.UNREACHABLE
    assert json.loads(ended.out)["outcome"] == "unreachable"


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda top: top.unlink(), "There is no tocsin.toml in {folder}: name its folder with --config,"
                                   " or make one with tocsin init."),
        (lambda top: top.write_text("= no"), "{folder}/tocsin.toml is broken: tocsin config check {folder}"),
    ],
)  # fmt: skip
def test_a_configuration_that_cannot_be_read_is_named_beside_it(
    configuration: Path, spoil: Callable[[Path], object], sentence: str
) -> None:
    spoil(configuration / "tocsin.toml")
    ended = run("--config", str(configuration), "request", "list")
    assert ended.code == exits.UNREACHABLE
    assert ended.error == sentence.format(folder=configuration)


def test_a_file_in_place_of_the_folder_is_named(configuration: Path) -> None:
    file = configuration / "tocsin.toml"
    ended = run("--config", str(file), "request", "list")
    assert ended.code == exits.UNREACHABLE
    assert ended.error == f"{file} is not a folder: --config takes the folder of tocsin.toml."


def test_too_long_a_line_ends_as_wrong_use(configuration: Path) -> None:
    ended = run("--config", str(configuration), "request", "note", "E17", "x" * LONGEST_LINE)
    assert ended.code == exits.USAGE
    assert "the server takes 65536: say it shorter" in ended.err
