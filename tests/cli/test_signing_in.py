"""`tocsin sign-in` against a whole server: what it prints lets its login in on the page once, and is logged nowhere."""

import os
import pwd
import time
from collections.abc import Iterator
from pathlib import Path
from subprocess import Popen

import httpx2
import pytest

from tests.cli.running import TOCSIN, Ended, run
from tests.networks.inspircd import free_ports
from tocsin.cli import exits
from tocsin.config.files import TOP

PATIENCE_SECONDS = 60
LOGIN = pwd.getpwuid(os.getuid()).pw_name


class Served:
    """A server of its own, with a page and without IRC."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.address = f"http://localhost:{port}"
        self.log = folder / "log"

    def sign_in(self) -> Ended:
        return run("--config", str(self.folder), "sign-in")


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    folder, port = tmp_path / "etc", free_ports(1)[0]
    assert run("init", str(folder), "--person", "ada", "--login", LOGIN).code == exits.DONE
    top = folder / TOP
    text = top.read_text().replace(
        '# public_url = "https://tocsin.example.org"', f'public_url = "http://localhost:{port}"'
    )
    irc = text.index("[irc]")
    top.write_text(f"{text[:irc]}[web]\nport = {port}\n")
    served = Served(folder, port)
    serving = [*TOCSIN, "--config", str(folder), "serve"]
    with served.log.open("wb") as log, Popen(serving, stdout=log, stderr=log) as process:
        try:
            _wait(served, process)
            yield served
        finally:
            process.terminate()
            process.wait(PATIENCE_SECONDS)


def test_a_code_of_the_command_line_opens_the_page_once(served: Served) -> None:
    ended = served.sign_in()
    assert ended.code == exits.DONE, ended.err
    code, _, rest = ended.out.strip().partition(" ")
    assert rest.endswith(f"{served.address}/sign-in#{code}")
    with httpx2.Client(base_url=served.address, trust_env=False, headers={"Origin": served.address}) as browser:
        assert browser.post("/sign-in", data={"code": code}).status_code == 303
        assert "By a one-time code of the command line" in browser.get("/me").text
        secret = browser.cookies["tocsin"]
        assert browser.post("/sign-in", data={"code": code}).status_code == 422
        assert browser.post("/sign-in", data={"code": "AAAAA-AAAAA"}).status_code == 422
    log = served.log.read_text()
    assert "signed in on the page" in log
    assert [each for each in (code, code.replace("-", ""), secret) if each in log] == []
    kept = b"".join(each.read_bytes() for each in (served.folder / "data").iterdir() if each.is_file())
    assert [each for each in (code, code.replace("-", ""), secret) if each.encode() in kept] == []


def _wait(served: Served, process: "Popen[bytes]") -> None:
    for _ in range(PATIENCE_SECONDS * 10):
        assert process.poll() is None, served.log.read_text()
        try:
            page = httpx2.get(f"{served.address}/sign-in", trust_env=False).is_success
            if page and (served.folder / "data/tocsin.sock").exists():
                return
            time.sleep(0.1)
        except httpx2.ConnectError:
            time.sleep(0.1)
    raise AssertionError(served.log.read_text())
