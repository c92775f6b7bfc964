"""Where it is asked who is on call: each kind with its own keys, secrets in files, and every fault on its line."""

import re

import pytest

from tests.config.folders import Folder
from tocsin.domain.people import TeamId
from tocsin.neighbours.rotas.sources import (
    PagerDutySettings,
    RotaCalendarSettings,
    SourceSettings,
    SplunkSettings,
    TopicSettings,
)

FILE = "rota.toml"
SRE = TeamId("sre")
HEAD = '[[source]]\nteam = "sre"\nkind = '
SPLUNK = f'{HEAD}"splunk-on-call"\nvo_team = "team-x9"\napi_id_file = "vo-id"\napi_key_file = "vo-key"\n'
PAGERDUTY = f'{HEAD}"pagerduty"\nschedules = ["PABC123"]\ntoken_file = "pd-token"\n'
CALENDAR = f'{HEAD}"icalendar"\n'
TOPIC = f'{HEAD}"topic"\nchannel = "#operations"\n'
SECRETS = {"vo-id": "an-id", "vo-key": "a-key", "pd-token": "a-token", "ics": "https://calendar.example.org/0f3c.ics"}


@pytest.fixture(autouse=True)
def secrets(folder: Folder) -> None:
    for name, secret in SECRETS.items():
        folder.write(name, f"{secret}\n")
        (folder.path / name).chmod(0o600)


def read(folder: Folder, text: str) -> tuple[SourceSettings, ...]:
    folder.write(FILE, text)
    return folder.load().rota.sources


def test_each_kind_is_read_with_what_it_needs(folder: Folder) -> None:
    folder.write("rota.ics", "BEGIN:VCALENDAR\nEND:VCALENDAR\n")
    assert read(folder, f'{SPLUNK}{PAGERDUTY}{CALENDAR}file = "rota.ics"\n{TOPIC}') == (
        SplunkSettings(SRE, "team-x9", "an-id", "a-key"),
        PagerDutySettings(SRE, ("PABC123",), "a-token"),
        RotaCalendarSettings(SRE, file=str(folder.path / "rota.ics")),
        TopicSettings(SRE, "#operations"),
    )


def test_each_kind_is_read_with_everything(folder: Folder) -> None:
    splunk = 'policies = ["default"]\nnot_on_call = ["all-*"]\nmost_people = 3\naddress = "http://127.0.0.1:1/"\n'
    pagerduty = 'address = "https://api.eu.pagerduty.com"\n'
    calendar = (
        'address = "https://c.example.org/x.ics"\ntimezone = "Europe/Berlin"\nevents = ["SRE*"]\nbackups = ["*2nd*"]\n'
    )
    topic = 'pattern = "up: (?P<nicks>.*)"\n'
    assert read(folder, f"{SPLUNK}{splunk}{PAGERDUTY}{pagerduty}{CALENDAR}{calendar}{TOPIC}{topic}") == (
        SplunkSettings(SRE, "team-x9", "an-id", "a-key", ("default",), ("all-*",), 3, "http://127.0.0.1:1"),
        PagerDutySettings(SRE, ("PABC123",), "a-token", "https://api.eu.pagerduty.com"),
        RotaCalendarSettings(SRE, "Europe/Berlin", "", "https://c.example.org/x.ics", ("SRE*",), ("*2nd*",)),
        TopicSettings(SRE, "#operations", "up: (?P<nicks>.*)"),
    )


def test_an_address_that_is_a_secret_itself_stands_in_a_file(folder: Folder) -> None:
    [calendar] = read(folder, f'{CALENDAR}address_file = "ics"\n')
    assert calendar == RotaCalendarSettings(SRE, address=SECRETS["ics"])


def test_no_secret_is_shown_with_the_settings(folder: Folder) -> None:
    shown = repr(read(folder, f'{SPLUNK}{PAGERDUTY}{CALENDAR}address_file = "ics"\n'))
    assert not [secret for secret in SECRETS.values() if secret in shown]


def test_a_secret_that_others_may_read_is_a_warning(folder: Folder) -> None:
    (folder.path / "vo-key").chmod(0o644)
    folder.write(FILE, SPLUNK)
    assert f"{FILE}:6: vo-key may be read by others (mode 0644): chmod 600 vo-key" in folder.warnings()


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        (f'{HEAD}"victorops"\n', 3, "'victorops' is not one of splunk-on-call, pagerduty, icalendar, topic."),
        (TOPIC.replace('"sre"', '"sr"'), 2, "There is no team sr: did you mean sre?"),
        (f'{TOPIC}schedules = ["P1"]\n', 5, "schedules means nothing for a source of kind topic: take it out."),
        (f'{CALENDAR}file = "x.ics"\n', 4, "There is no file x.ics"),
        (CALENDAR, 3, "A source of kind icalendar has one of file, address and address_file, and none is there."),
        (
            f'{CALENDAR}address_file = "ics"\naddress = "https://c.example.org/"\n',
            3,
            "has one of file, address and address_file, not address and address_file.",
        ),
        (f'{CALENDAR}address = "http://c.example.org/"\n', 4, "is on another machine: ask it by https://"),
        (f'{CALENDAR}address_file = "vo-id"\n', 4, "vo-id must hold an address that begins with https://."),
        (f'{CALENDAR}address_file = "ics"\ntimezone = "Berlin"\n', 5, "'Berlin' is no time zone"),
        (TOPIC.replace("#operations", "#elsewhere"), 4, "The bot is not in #elsewhere, and so does not hear its topic"),
        (f'{TOPIC}pattern = "(?P<nicks>(a+)+)"\n', 5, "pattern repeats what varies itself"),
        (SPLUNK.replace('"vo-key"', '"vo-kee"'), 6, "There is no file vo-kee"),
        (f"{SPLUNK}most_people = 0\n", 7, "most_people must be at least 1"),
        (f'{SPLUNK}api_key = "x"\n', 7, "did you mean api_key_file?"),
        (f'{SPLUNK}polcies = ["x"]\n', 7, "did you mean policies?"),
    ],
)
def test_a_faulty_source_is_an_error_on_its_line(folder: Folder, text: str, line: int, sentence: str) -> None:
    folder.write(FILE, text)
    [problem] = folder.problems()
    assert problem.startswith(f"{FILE}:{line}: ") and sentence in problem


def test_everything_that_is_missing_is_told_at_once(folder: Folder) -> None:
    folder.write(FILE, f'{HEAD}"splunk-on-call"\n{HEAD}"pagerduty"\n{HEAD}"topic"\n')
    told = [
        (int(line), key) for line, key in re.findall(r":(\d+): A source .* needs (\w+): ", "\n".join(folder.problems()))
    ]
    assert told == [
        (3, "api_id_file"),
        (3, "api_key_file"),
        (3, "vo_team"),
        (6, "schedules"),
        (6, "token_file"),
        (9, "channel"),
    ]


def test_a_faulty_source_does_not_hide_the_others(folder: Folder) -> None:
    folder.write(FILE, f'{HEAD}"victorops"\n{TOPIC.replace("#operations", "#elsewhere")}')
    assert [each.partition(": ")[0] for each in folder.problems()] == [f"{FILE}:3", f"{FILE}:7"]


def test_a_topic_is_read_on_irc_alone(folder: Folder) -> None:
    top = (folder.path / "tocsin.toml").read_text()
    folder.write(
        "tocsin.toml", re.sub(r"(?ms)^\[irc\]\n.*?(?=^\[|\Z)", "", re.sub(r"(?m)^\[\[irc.*\n(?:[^\[].*\n)*", "", top))
    )
    folder.write(FILE, TOPIC)
    assert folder.problems() == [f"{FILE}:3: A topic is read on IRC, and tocsin.toml has no [irc]."]


def test_a_fault_of_irc_is_not_told_again_as_one_of_the_topic(folder: Folder) -> None:
    folder.change("tocsin.toml", 'nick = "tocsin"', "nick = 7")
    folder.write(FILE, TOPIC)
    assert not [each for each in folder.problems() if each.startswith(FILE)]


def test_a_policy_for_who_is_on_call_is_content_with_a_source(folder: Folder) -> None:
    folder.change("targets/website.toml", 'policy = "both"', 'policy = "sre-oncall"')
    folder.write(FILE, TOPIC)
    assert folder.warnings() == []
