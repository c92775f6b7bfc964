"""What a command loads before it does anything: a client loads nothing of the server."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.crash.installation import Counted

HEAVY = ("pydantic", "sqlalchemy", "dbos", "httpx2", "rich", "cryptography", "structlog", "asyncio", "tocsin.domain")
LATE = ("dbos", "psycopg", "apprise", "authlib", "bs4", "fastapi", "icalendar", "ldap3", "pyotp", "webauthn")
BUILT = """
import json, sys
from pathlib import Path
from tocsin.config.loading import load
from tocsin.wiring import Server
loaded = load(Path(sys.argv[1]))
loaded.settings.site.data.mkdir()
Server(loaded)
print(json.dumps(sorted(sys.modules)))
"""
LOOKED_AT = """
import json, sys
from tocsin.cli.main import main
try:
    main(json.loads(sys.argv[1]), prog_name="tocsin")
finally:
    sys.stderr.write("\\n" + json.dumps(sorted(sys.modules)))
"""


@pytest.mark.parametrize(
    "words",
    [
        ["--version"],
        ["--help"],
        ["request", "--help"],
        ["request", "confirm", "--help"],
        ["request", "list"],
        ["request", "stop", "errors"],
        ["request", "confirm", "E17", "plum-otter"],
        ["request", "open", "https://reviews.example.org/1234", "--reason", "data"],
        ["request", "describe", "E17", "--reason", "data"],
        ["completion", "bash"],
    ],
    ids=" ".join,
)
def test_a_client_loads_nothing_of_the_server(words: list[str]) -> None:
    loaded = loaded_by(words)
    assert "click" in loaded
    assert [name for name in HEAVY if name in loaded] == []


def test_over_http_only_the_standard_library_is_loaded_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_TOKEN", "tcsn_only-a-test")
    over_http = loaded_by(["--server", "http://127.0.0.1:1", "request", "list"])
    assert "http.client" in over_http
    assert [name for name in HEAVY if name in over_http] == []
    assert not {"http.client", "ssl"} & loaded_by(["request", "list"])


def test_the_words_of_irc_load_the_rules_and_no_library(tmp_path: Path) -> None:
    loaded = loaded_by(["request", "open", "1234", "T1234", "data", "--", "why"])
    assert "tocsin.domain.commands" in loaded
    assert [name for name in HEAVY[:7] if name in loaded] == []


def test_a_check_of_files_without_an_ldap_loads_no_library_for_it(configuration: Path) -> None:
    loaded = loaded_by(["config", "check", str(configuration)])
    assert "tocsin.config.ldap" in loaded
    assert [name for name in loaded if name.startswith(("ldap3", "pyasn1"))] == []


def test_a_server_has_its_page_before_it_loads_what_only_acts_and_programs_need(tmp_path: Path) -> None:
    """The engine is loaded while people can look already, the rest where it is configured or used."""
    Counted(folder := tmp_path / "installation").write()
    top = folder / "tocsin.toml"
    top.write_text(top.read_text().replace("[site]", '[site]\npublic_url = "http://localhost:8080"') + "[web]\n")
    words = [sys.executable, "-c", BUILT, str(folder)]
    loaded = json.loads(subprocess.check_output(words, text=True))
    assert "uvicorn" in loaded
    assert [name for name in LATE if name in loaded] == []


def loaded_by(words: list[str]) -> set[str]:
    """Return the modules that a process has loaded when a command has ended."""
    ended = subprocess.run(
        [sys.executable, "-c", LOOKED_AT, json.dumps(words)], capture_output=True, text=True, check=False
    )
    modules: list[str] = json.loads(ended.stderr.splitlines()[-1])
    return set(modules)
