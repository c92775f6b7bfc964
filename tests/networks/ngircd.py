"""A throw-away ngIRCd on loopback, where nobody has an account; what is said there is the test's affair."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from string import Template

from tests.networks.inspircd import answers, free_ports, hand_over, reachable, spawn, wait_until
from tocsin.demo.irc_server.certificate import self_signed

PROGRAM = "/usr/sbin/ngircd"
TEMPLATE = Path(__file__).parent / "ngircd.conf"


@dataclass(frozen=True, slots=True)
class NetworkWithoutAccounts:
    """A running server, with its ports and the certificate to trust."""

    plain_port: int
    tls_port: int
    ca_file: str


def present() -> bool:
    """Say whether it is installed."""
    return os.access(PROGRAM, os.X_OK)


@contextmanager
def ngircd_network(folder: Path) -> Iterator[NetworkWithoutAccounts]:
    """Run a server in the folder for as long as the block lasts."""
    with reachable(folder) as home:
        plain_port, tls_port = free_ports(2)
        _write_files(home, plain_port, tls_port)
        process = spawn([PROGRAM, "--nodaemon", "--config", str(home / "ngircd.conf")], home, "ngircd")
        try:
            wait_until(lambda: answers(plain_port), "ngircd", process)
            yield NetworkWithoutAccounts(plain_port, tls_port, str(home / "certificate.pem"))
        finally:
            process.kill()
            process.wait()


def _write_files(folder: Path, plain_port: int, tls_port: int) -> None:
    certificate = self_signed()
    (folder / "certificate.pem").write_text(certificate.certificate_pem)
    (folder / "key.pem").write_text(certificate.key_pem)
    values = {"folder": folder, "plain_port": plain_port, "tls_port": tls_port}
    (folder / "ngircd.conf").write_text(Template(TEMPLATE.read_text()).substitute(values))
    hand_over(folder)
