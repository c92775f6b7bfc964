"""The admin log: one way to it, and a page that can be asked safely."""

import pytest

from tests.config.folders import Folder
from tocsin.neighbours.admin_log import AdminLogSettings

FILE = "tocsin.toml"
TABLE = "[admin_log]\n"
PORT = 'tcpircbot = "127.0.0.1:9200"\n'
PAGE = 'address = "https://sal.example.org/production?d=today"\n'
CHANNEL = ('# log_channel = "#operations"', 'log_channel = "#log"')


def test_without_the_table_nobody_is_told(folder: Folder) -> None:
    assert folder.load().settings.admin_log == AdminLogSettings()


def test_the_port_and_the_page_are_read(folder: Folder) -> None:
    folder.add(FILE, TABLE + PORT + PAGE)
    expected = AdminLogSettings("127.0.0.1", 9200, "https://sal.example.org/production?d=today")
    assert folder.load().settings.admin_log == expected


@pytest.mark.parametrize(("text", "host"), [("[::1]:9200", "::1"), ("logbot.example.org:9200", "logbot.example.org")])
def test_the_port_may_be_on_another_machine(folder: Folder, text: str, host: str) -> None:
    folder.add(FILE, f'{TABLE}tcpircbot = "{text}"\n')
    assert folder.load().settings.admin_log == AdminLogSettings(host, 9200)


def test_a_page_goes_with_the_channel_too(folder: Folder) -> None:
    folder.change(FILE, *CHANNEL)
    folder.add(FILE, TABLE + PAGE)
    assert folder.load().settings.admin_log.page


def test_two_ways_at_once_are_an_error(folder: Folder) -> None:
    folder.change(FILE, *CHANNEL)
    line = folder.add(FILE, TABLE + PORT) + 1
    [problem] = folder.problems()
    assert f"{FILE}:{line}:" in problem
    assert "Every line would be logged twice, here and in #log" in problem


def test_a_page_without_a_way_is_an_error(folder: Folder) -> None:
    folder.add(FILE, TABLE + PAGE)
    assert "Nothing is sent that could be looked for there" in " ".join(folder.problems())


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        *(
            (f'tcpircbot = "{text}"', "tcpircbot is a host and a port, such as 127.0.0.1:9200.")
            for text in (
                "127.0.0.1",
                ":9200",
                "localhost:0",
                "localhost:99999",
                "me@localhost:9200",
                "localhost:9200/x",
                "tcp://localhost:9200",
                "[::1:9200",
                "",
            )
        ),
        ("tcpircbot = 9200", "tcpircbot is a text in quotes, not a number."),
        ('address = "http://sal.example.org/"', "address is on another machine: read it by https://."),
        ('address = "https://sal.example.org/#today"', "address ends before any #"),
        ('adress = "https://sal.example.org/"', "did you mean address?"),
    ],
)
def test_what_cannot_be_used_is_an_error(folder: Folder, line: str, sentence: str) -> None:
    folder.add(FILE, f"{TABLE}{line}\n")
    assert sentence in " ".join(folder.problems())
