"""`tocsin config check`: every fault at once, and what a look at IRC finds; for people and for programs."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.online import ACCOUNTS, change, lead_to, write_pin
from tests.cli.running import Ended, run
from tests.networks.demo import REGISTERED, DemoNetwork, demo_network
from tocsin.cli import exits
from tocsin.cli.online import judged
from tocsin.config.loading import Loaded, load
from tocsin.irc import checking
from tocsin.irc.capabilities import REQUIRED
from tocsin.irc.checking import AccountSeen, ChannelSeen, DoorSeen, Seen
from tocsin.irc.events import RegistrationTold


def check(folder: Path, *words: str) -> Ended:
    return run("config", "check", str(folder), *words)


# --- the files --------------------------------------------------------------------------------------------------------


def test_a_sound_configuration_is_said_to_be_one(configuration: Path) -> None:
    ended = check(configuration)
    assert ended.code == exits.DONE
    assert ended.out == f"{configuration}: no error, 7 warnings; 1 target, 7 people\n"


def test_warnings_name_file_line_and_remedy_and_change_no_code(configuration: Path) -> None:
    first, *_ = check(configuration).err.splitlines()
    assert first.startswith("directory.toml:16: The account ada is not pinned")
    assert "tocsin directory pin ada" in first


def test_all_errors_are_told_at_once_with_file_line_and_remedy(configuration: Path) -> None:
    change(configuration / "tocsin.toml", 'nick = "tocsin"', 'nick = "to csin"')
    change(configuration / "targets/website.toml", 'policy = "both"', 'policy = "bothh"')
    (configuration / "calendar.toml").write_text("timezone = 7")
    (configuration / "rota.toml").write_text("= no")
    ended = check(configuration)
    assert (ended.code, ended.out) == (exits.MISCONFIGURED, "")
    files = [each.split(":")[:2] for each in ended.err.splitlines()]
    assert {"tocsin.toml", "targets/website.toml", "calendar.toml", "rota.toml"} <= {file for file, *_ in files}
    assert ended.error.endswith(f"Mend them, then: tocsin config check {configuration}")


def test_a_configuration_without_warning_is_said_to_be_one(configuration: Path) -> None:
    directory = configuration / "directory.toml"
    directory.write_text(directory.read_text().replace('" }]', '", registration = "A" }]'))
    ended = check(configuration)
    assert (ended.err, ended.out) == ("", f"{configuration}: no error, no warnings; 1 target, 7 people\n")


def test_programs_get_the_same(configuration: Path) -> None:
    sound = json.loads(check(configuration, "--json").out)
    assert (sound["errors"], len(sound["warnings"])) == ([], 7)
    (configuration / "rota.toml").write_text("= no")
    ended = check(configuration, "--json")
    broken = json.loads(ended.out)
    assert ended.code == exits.MISCONFIGURED
    assert [(each["file"], each["line"]) for each in broken["errors"]] == [("rota.toml", 1)]


def test_the_folder_may_be_named_to_all_commands(configuration: Path) -> None:
    assert run("--config", str(configuration), "config", "check").code == exits.DONE
    assert run("config", "check", env={"TOCSIN_CONFIG": str(configuration)}).code == exits.DONE


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        ("nowhere", "There is no such file"),
        ("etc/tocsin.toml", "It cannot be read: Not a directory."),
    ],
)
def test_what_is_no_folder_is_said_to_be_none(configuration: Path, place: str, sentence: str) -> None:
    ended = check(configuration.parent / place)
    assert ended.code == exits.MISCONFIGURED
    assert sentence in ended.err


# --- IRC --------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoNetwork]:
    with demo_network(tmp_path_factory.mktemp("network"), ACCOUNTS) as network:
        yield network


@pytest.fixture
def there(configuration: Path, network: DemoNetwork) -> Path:
    """The folder of a configuration for the network."""
    lead_to(network, configuration)
    return configuration


def test_online_it_reports_server_capabilities_voice_and_pinned_accounts(there: Path, network: DemoNetwork) -> None:
    write_pin(there, "ada", network.entity_ids["ada"])
    ended = check(there, "--online")
    assert ended.code == exits.DONE, ended
    _, server, operations, private, pinned, counted = ended.out.splitlines()
    place, _, capabilities = server.partition("; ")
    assert place == f"localhost:{network.tls_port}: connected as tocsin, signed in as tocsin"
    assert set(REQUIRED) <= set(capabilities.split())
    assert (operations, private) == ("#operations: joined, with voice", "#operations-private: joined, with voice")
    assert pinned == "ada: ada is as it was pinned"
    assert counted == "on IRC: no problems, 6 hints"


def test_online_an_account_that_is_not_pinned_is_named_with_the_command(there: Path) -> None:
    assert (
        "bo-sre: the account bo-sre is not pinned and counts for nobody: tocsin directory pin bo-sre bo-sre"
        in check(there, "--online").err.splitlines()
    )


def test_online_an_account_that_was_registered_anew_is_a_problem(there: Path, network: DemoNetwork) -> None:
    write_pin(there, "ada", "AAAAAAAAA")
    ended = check(there, "--online")
    assert ended.code == exits.MISCONFIGURED
    assert ended.error == (
        "ada: ada was registered anew since it was pinned (pinned AAAAAAAAA, now"
        f" {network.entity_ids['ada']}) and counts for nobody."
        " Ask ada; if it is theirs: tocsin directory pin --replace ada ada"
    )


def test_online_an_account_pinned_by_its_date_is_to_be_pinned_again_where_ids_are_told(there: Path) -> None:
    write_pin(there, "ada", REGISTERED.strftime("%Y-%m-%dT%H:%M:%SZ"))
    ended = check(there, "--online")
    assert ended.code == exits.MISCONFIGURED
    assert ended.error == (
        "ada: ada is pinned by its date, and services tell its entity id now: tocsin directory pin ada ada"
    )


def test_online_an_account_that_services_do_not_know_is_a_problem(there: Path) -> None:
    write_pin(there, "sam-sec", "AAAAAAAAA")
    ended = check(there, "--online")
    assert ended.error == "sam-sec: the account sam-sec could not be compared: services know no such account."


def test_online_a_wrong_password_is_one_sentence(there: Path, network: DemoNetwork) -> None:
    (there / "secrets/irc-password").write_text("wrong")
    ended = check(there, "--online")
    assert ended.code == exits.UNREACHABLE
    assert (
        f"localhost:{network.tls_port}: cannot sign in: services refused the account or its password."
        " Look at account and password_file, or at the certificate that services know."
    ) in ended.err.splitlines()


def test_online_a_certificate_of_nobody_known_is_one_sentence(there: Path, network: DemoNetwork) -> None:
    change(there / "tocsin.toml", f', ca_file = "{network.ca_file}"', "")
    ended = check(there, "--online")
    assert ended.code == exits.UNREACHABLE
    assert ended.error.startswith(f"localhost:{network.tls_port}: localhost cannot be reached: ")
    assert ended.error.endswith("Where the network has an authority of its own, name its file with ca_file.")


def test_online_nobody_there_is_one_sentence(there: Path, network: DemoNetwork) -> None:
    change(there / "tocsin.toml", f"port = {network.tls_port}", "port = 1")
    ended = check(there, "--online")
    assert ended.code == exits.UNREACHABLE
    assert "localhost cannot be reached: " in ended.error


def test_online_silent_services_are_one_sentence(there: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    change(there / "tocsin.toml", 'sasl = "plain"', 'services_host = "elsewhere.example.org"\nsasl = "plain"')
    monkeypatch.setattr(checking, "ANSWER_SECONDS", 0.1)
    write_pin(there, "ada", "AAAAAAAAA")
    ended = check(there, "--online")
    assert ended.error == (
        "ada: the account ada could not be compared: services did not answer;"
        " is services_nick right, and services_host, where that is given?"
    )


def test_online_without_irc_there_is_nothing_to_look_at(there: Path) -> None:
    top = there / "tocsin.toml"
    before, irc, after = top.read_text().partition("[irc]")
    assert irc
    top.write_text(before + after[after.index("# The git repositories") :])
    ended = check(there, "--online")
    assert ended.code == exits.MISCONFIGURED
    assert ended.error == "tocsin.toml has no [irc]: there is nothing to look at."


def test_online_programs_get_the_same(there: Path, network: DemoNetwork) -> None:
    write_pin(there, "ada", "AAAAAAAAA")
    ended = check(there, "--online", "--json")
    online = json.loads(ended.out)["online"]
    assert ended.code == exits.MISCONFIGURED
    assert online["servers"][0]["account"] == "tocsin"
    assert [each["voiced"] for each in online["channels"]] == [True, True]
    assert online["accounts"] == [{"name": "ada", "registration": network.entity_ids["ada"], "why": ""}]
    assert len(online["problems"]) == 1


# --- what was seen, in sentences --------------------------------------------------------------------------------------

DOOR = DoorSeen("irc.example.org", 6697, "", "tocsin", "tocsin", ("sasl",))


@pytest.fixture
def loaded(configuration: Path) -> Loaded:
    write_pin(configuration, "ada", "AAAAAAAAB")
    return load(configuration)


def test_a_nick_that_is_taken_is_a_hint(loaded: Loaded) -> None:
    door = DoorSeen("irc.example.org", 6697, "", "tocsin_", "tocsin", ("sasl",))
    verdict = judged(Seen([door]), loaded)
    assert verdict.hints[0] == (
        "irc.example.org:6697: the nick tocsin is taken, perhaps by the bot itself; this was tocsin_."
    )
    assert verdict.code == exits.DONE


def test_a_missing_capability_is_a_problem(loaded: Loaded) -> None:
    door = DoorSeen("irc.example.org", 6697, "", "tocsin", "", ("sasl",), ("account-tag",))
    verdict = judged(Seen([door]), loaded)
    assert verdict.good[0].startswith("irc.example.org:6697: connected as tocsin, not signed in")
    assert verdict.problems == ["irc.example.org:6697: it does not offer account-tag, so nobody can be known there."]


def test_a_channel_that_cannot_be_joined_is_a_problem(loaded: Loaded) -> None:
    verdict = judged(Seen([DOOR], [ChannelSeen("#ops", joined=False, why="the bot is banned there")]), loaded)
    assert verdict.problems == ["#ops: cannot join: the bot is banned there. Let the bot in, or name another channel."]


def test_a_missing_voice_is_a_problem_only_where_it_is_required(configuration: Path, loaded: Loaded) -> None:
    seen = Seen([DOOR], [ChannelSeen("#ops", joined=True)])
    sentence = (
        "#ops: joined, without voice. Ask its operators to voice the bot's account: /msg ChanServ FLAGS #ops tocsin +V"
    )
    assert sentence in judged(seen, loaded).hints
    change(configuration / "tocsin.toml", 'sasl = "plain"', 'voice_required = true\nsasl = "plain"')
    assert judged(seen, load(configuration)).problems == [sentence]


def test_an_account_without_a_registration_is_a_problem(loaded: Loaded) -> None:
    seen = Seen([DOOR], accounts=[AccountSeen("ada", RegistrationTold("ada", None, None))])
    assert "now hidden" in judged(seen, loaded).problems[0]


def test_what_was_not_looked_at_is_never_called_good(loaded: Loaded) -> None:
    verdict = judged(Seen([DOOR], in_time=False), loaded)
    assert verdict.problems == ["The time was over before all was looked at: give it more with --limit."]
    assert verdict.code == exits.MISCONFIGURED
