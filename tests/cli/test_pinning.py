"""`tocsin directory pin`: what services tell is written where it belongs, and a name taken anew is never taken over."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.online import ACCOUNTS, change, lead_to, write_pin
from tests.cli.running import Ended, run
from tests.networks.demo import REGISTERED, DemoNetwork, demo_network
from tocsin.cli import exits
from tocsin.config.loading import load


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoNetwork]:
    with demo_network(tmp_path_factory.mktemp("network"), ACCOUNTS) as network:
        yield network


@pytest.fixture
def folder(configuration: Path, network: DemoNetwork) -> Path:
    lead_to(network, configuration)
    return configuration


def pin(folder: Path, *words: str) -> Ended:
    return run("--config", str(folder), "directory", "pin", *words)


def pinned(folder: Path, person: str) -> str:
    (found,) = [each for each in load(folder).directory.people if each.id == person]
    return found.accounts[0].registration


def test_what_services_tell_is_written_and_all_else_left_as_it_was(folder: Path, network: DemoNetwork) -> None:
    before = (folder / "directory.toml").read_text()
    ended = pin(folder, "bo-sre", "bo-sre")
    entity_id = network.entity_ids["bo-sre"]
    assert (ended.code, ended.err) == (exits.DONE, "")
    assert ended.out.splitlines()[0] == (
        f"directory.toml:23: bo-sre's account bo-sre is pinned to {entity_id}; it was not pinned before"
    )
    after = (folder / "directory.toml").read_text()
    assert after == before.replace('[{ name = "bo-sre" }]', f'[{{ name = "bo-sre", registration = "{entity_id}" }}]')
    assert pinned(folder, "bo-sre") == entity_id
    assert "SIGHUP" in ended.out


def test_pinned_again_it_is_as_it_was(folder: Path) -> None:
    pin(folder, "bo-sre", "bo-sre")
    again = pin(folder, "bo-sre", "BO-SRE")
    assert again.code == exits.DONE
    assert again.out.endswith(", as it was\n")


def test_one_who_has_one_account_need_not_name_it(folder: Path, network: DemoNetwork) -> None:
    assert pin(folder, "lin").code == exits.DONE
    assert pinned(folder, "lin") == network.entity_ids["lin"]


def test_one_who_has_two_must(folder: Path) -> None:
    change(folder / "directory.toml", '[{ name = "lin" }]', '[{ name = "lin" }, { name = "lin2" }]')
    ended = pin(folder, "lin")
    assert ended.code == exits.USAGE
    assert ended.err == "Which account of lin? There are lin, lin2: tocsin directory pin lin ACCOUNT\n"


def test_a_name_that_was_registered_anew_is_not_taken_over_unasked(folder: Path, network: DemoNetwork) -> None:
    write_pin(folder, "bo-sre", "AAAAAAAAA")
    ended = pin(folder, "bo-sre", "bo-sre")
    entity_id = network.entity_ids["bo-sre"]
    assert ended.code == exits.REFUSED
    assert ended.err == (
        f"Nothing was written: bo-sre is pinned to AAAAAAAAA, and services now tell {entity_id},"
        " so the name was registered anew. Ask bo-sre; if it is theirs:"
        " tocsin directory pin --replace bo-sre bo-sre\n"
    )
    assert pinned(folder, "bo-sre") == "AAAAAAAAA"
    replaced = pin(folder, "--replace", "bo-sre", "bo-sre")
    assert f"is pinned to {entity_id}; before: AAAAAAAAA" in replaced.out
    assert pinned(folder, "bo-sre") == entity_id


def test_one_pinned_by_its_date_is_the_same_registration(folder: Path, network: DemoNetwork) -> None:
    write_pin(folder, "bo-sre", REGISTERED.strftime("%Y-%m-%dT%H:%M:%SZ"))
    assert pin(folder, "bo-sre", "bo-sre").code == exits.DONE
    assert pinned(folder, "bo-sre") == network.entity_ids["bo-sre"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("bo", "bo-sre"), "There is no person bo in directory.toml. Did you mean: bo-sre"),
        (("xyzzy", "x"), "There is no person xyzzy in directory.toml."),
        (("bo-sre", "bo"), "bo-sre has no account bo in directory.toml, only bo-sre: add it there first."),
    ],
)
def test_unknown_people_and_accounts_are_refused_before_anybody_is_asked(
    configuration: Path, words: tuple[str, ...], sentence: str
) -> None:
    ended = pin(configuration, *words)
    assert (ended.code, ended.err) == (exits.UNKNOWN, f"{sentence}\n")


def test_an_account_that_services_do_not_know_is_refused(folder: Path) -> None:
    ended = pin(folder, "sam-sec", "sam-sec")
    assert ended.code == exits.REFUSED
    assert ended.err == (
        "Nothing was written. Services know of no registration for sam-sec: services know no such account.\n"
    )


def test_a_network_that_refuses_the_bot_is_one_sentence(folder: Path) -> None:
    (folder / "secrets/irc-password").write_text("wrong")
    before = (folder / "directory.toml").read_bytes()
    ended = pin(folder, "bo-sre", "bo-sre")
    assert ended.code == exits.UNREACHABLE
    assert ended.error.startswith("Nothing was written: IRC: localhost: cannot sign in: services refused the account")
    assert (folder / "directory.toml").read_bytes() == before


def test_without_irc_nobody_can_be_asked(folder: Path) -> None:
    top = folder / "tocsin.toml"
    before, _, after = top.read_text().partition("[irc]")
    top.write_text(before + after[after.index("# The git repositories") :])
    ended = pin(folder, "bo-sre", "bo-sre")
    assert ended.code == exits.MISCONFIGURED
    assert ended.err == "tocsin.toml has no [irc]: write it first, with servers and nick at least.\n"


def test_a_broken_configuration_is_told_in_full(folder: Path) -> None:
    (folder / "rota.toml").write_text("= no")
    ended = pin(folder, "bo-sre", "bo-sre")
    assert ended.code == exits.MISCONFIGURED
    assert ended.err.startswith("rota.toml:1: ")


def test_a_directory_that_cannot_be_written_stays_as_it_was(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device", str(target))

    before = (folder / "directory.toml").read_bytes()
    monkeypatch.setattr(Path, "replace", full)
    ended = pin(folder, "bo-sre", "bo-sre")
    assert ended.code == exits.UNWRITTEN
    assert ended.err.endswith("directory.toml: No space left on device.\n")
    assert (folder / "directory.toml").read_bytes() == before
    assert not list(folder.glob(".directory-*"))
