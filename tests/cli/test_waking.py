"""`tocsin directory wake-test`: somebody's pagers ring with a test, and each service that did not take it is told."""

import json
import os
import pwd
from pathlib import Path

from tests.cli.running import Ended, run
from tests.neighbours.pager_services import closed_port, json_service
from tocsin.cli import exits


def rung(folder: Path, person: str, *addresses: str, table: str = "people.bo-sre") -> Ended:
    pagers = folder / "waking.toml"
    pagers.write_text(f"[{table}]\nurls = {json.dumps(addresses)}\n")
    pagers.chmod(0o600)
    return run("--config", str(folder), "directory", "wake-test", person)


def test_the_pagers_ring_with_who_tries_them(configuration: Path) -> None:
    with json_service() as service:
        ended = rung(configuration, "bo-sre", service.json())
    assert (ended.code, ended.out) == (exits.DONE, "bo-sre was paged by JSON. Ask them whether it rang.\n")
    login = pwd.getpwuid(os.getuid()).pw_name
    assert service.sent == [("Test of tocsin", f"This is a test of tocsin by {login}. There is nothing to do.")]


def test_who_has_none_of_their_own_is_reached_by_those_of_their_team(configuration: Path) -> None:
    with json_service() as service:
        assert rung(configuration, "bo-sre", service.json(), table="teams.sre").code == exits.DONE
    assert len(service.sent) == 1


def test_a_service_that_does_not_take_it_is_told_by_its_kind(configuration: Path) -> None:
    with json_service() as service:
        ended = rung(
            configuration,
            "bo-sre",
            service.json(),
            f"mailto://127.0.0.1:{closed_port()}?from=a@example.org&to=b@example.org",
        )
    assert ended.code == exits.UNREACHABLE
    assert (ended.out, ended.err) == (
        "bo-sre was paged by JSON. Ask them whether it rang.\n",
        "Mail did not take it.\n",
    )


def test_who_has_no_pager_or_is_not_known_is_told_so(configuration: Path) -> None:
    ended = rung(configuration, "kim-releng", "json://127.0.0.1")
    assert ended.code == exits.REFUSED
    assert ended.err.endswith("kim-releng has no pager, nor has a team of theirs: write one into the file of pagers.\n")
    ended = rung(configuration, "kim-relang", "json://127.0.0.1")
    assert ended.code == exits.UNKNOWN
    assert "There is no person kim-relang in directory.toml." in ended.err
