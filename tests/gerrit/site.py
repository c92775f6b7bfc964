"""A throw-away Gerrit on loopback, the program itself; what is reviewed there is the test's affair."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.gerrit.parts import VERSION, command
from tests.gerrit.server import Gerrit
from tests.networks.inspircd import free_ports

INIT_SECONDS = 180.0
START_SECONDS = 120.0
STEP_SECONDS = 0.05


@contextmanager
def gerrit_site(folder: Path) -> Iterator[Gerrit]:
    """Run a Gerrit in the folder for as long as the block lasts, heard on loopback only. Ask `missing` first."""
    site = folder / "site"
    shutil.copytree(_initialised(), site)
    web_port, ssh_port = free_ports(2)
    url = f"http://127.0.0.1:{web_port}"
    _settle(site, url, ssh_port)
    process = _spawn(site)
    try:
        _wait_until_ready(process, site)
        with Gerrit(url, process.pid, ssh_port) as gerrit:
            gerrit.add_verified_label()
            yield gerrit
    finally:
        process.kill()  # to stop in good order takes it seconds, for a site that nobody opens again
        process.wait()


def _initialised() -> Path:
    """Return a site as `init` leaves it, made once for all runs: it takes longer than the start itself."""
    shelf = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "tocsin-tests"
    kept = shelf / f"gerrit-{VERSION}"
    if not kept.exists():
        shelf.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=shelf, prefix="making-") as making:
            _initialise(Path(making) / "site")
            _keep(Path(making) / "site", kept)
    return kept


def _initialise(site: Path) -> None:
    # --dev gives an account `admin` whose token is `secret`.
    words = ["--batch", "--dev", "--no-auto-start", "--skip-plugins", "-d", str(site)]
    ran = subprocess.run(command("Init", *words), capture_output=True, text=True, timeout=INIT_SECONDS)
    if ran.returncode:
        raise RuntimeError(f"Gerrit's init ended with {ran.returncode}: {ran.stderr[-2000:]}")
    shutil.rmtree(site / "bin")  # a second copy of the largest jar, for those who start it by script


def _keep(made: Path, kept: Path) -> None:
    """Move it to where it is kept, whole or not at all; who came second takes what the first has made."""
    try:
        made.rename(kept)
    except OSError:
        if not kept.exists():
            raise


def _settle(site: Path, url: str, ssh_port: int) -> None:
    settings = {
        "gerrit.canonicalWebUrl": f"{url}/",
        "httpd.listenUrl": f"{url}/",
        "sshd.listenAddress": f"127.0.0.1:{ssh_port}",
        "sendemail.enable": "false",
    }
    for name, value in settings.items():
        subprocess.run(["git", "config", "--file", str(site / "etc" / "gerrit.config"), name, value], check=True)


def _spawn(site: Path) -> subprocess.Popen[bytes]:
    with _output(site).open("wb") as output:
        return subprocess.Popen(
            command("Daemon", "--site-path", str(site), "--headless", "--console-log"),
            cwd=site,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )


def _wait_until_ready(process: subprocess.Popen[bytes], site: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not any(line.endswith(b" ready") for line in _output(site).read_bytes().splitlines()):
        if process.poll() is not None:
            raise RuntimeError(f"Gerrit ended with {process.returncode}; see {_output(site)}")
        if time.monotonic() > deadline:
            raise TimeoutError(f"Gerrit was not ready within {START_SECONDS} s; see {_output(site)}")
        time.sleep(STEP_SECONDS)


def _output(site: Path) -> Path:
    return site.parent / "gerrit.out"
