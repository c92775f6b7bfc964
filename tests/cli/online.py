"""A configuration for a network that is there, with people whose accounts are pinned or not, as a test wants."""

from pathlib import Path

from tests.networks.demo import DemoNetwork

ACCOUNTS = {"tocsin": "open-sesame", "ada": "ada-word", "bo-sre": "bo-word", "lin": "lin-word"}


def lead_to(network: DemoNetwork, folder: Path) -> None:
    """Make the starter's configuration one for this network."""
    change(folder / "tocsin.toml",
        'servers = [{ host = "irc.example.org", port = 6697 }]',
        f'servers = [{{ host = "localhost", port = {network.tls_port}, ca_file = "{network.ca_file}" }}]',
    )  # fmt: skip
    (folder / "secrets/irc-password").write_text(ACCOUNTS["tocsin"])


def write_pin(folder: Path, person: str, registration: str) -> None:
    """Pin a person's account by hand."""
    old = f'accounts = [{{ name = "{person}" }}]'
    change(folder / "directory.toml", old, f'accounts = [{{ name = "{person}", registration = "{registration}" }}]')


def change(path: Path, old: str, new: str) -> None:
    """Put other words in the place of some that stand there exactly once."""
    text = path.read_text()
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path}"
    path.write_text(text.replace(old, new))
