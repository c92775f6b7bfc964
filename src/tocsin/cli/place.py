"""Where this machine's Tocsin is: the folder of its configuration, and its socket; read without loading any of it."""

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path

DEFAULT_FOLDER = Path("/etc/tocsin")


@dataclass(frozen=True, slots=True)
class SocketPlace:
    """Where the server should listen; `doubt` says why the configuration could not be asked, if so."""

    path: Path
    doubt: str = ""


def folder(given: str | None) -> Path:
    """Return the configuration's folder: as given, that of TOCSIN_CONFIG, this one if it is one, or /etc/tocsin."""
    if given or (given := os.environ.get("TOCSIN_CONFIG")):
        return Path(given)
    return Path() if Path("tocsin.toml").exists() else DEFAULT_FOLDER


def socket_place(given: str | None) -> SocketPlace:
    """Return the server's socket, as TOCSIN_SOCKET or the configuration says.

    A configuration that cannot be read keeps nobody from the server: it is then looked for in its usual place.
    """
    if named := os.environ.get("TOCSIN_SOCKET"):
        return SocketPlace(Path(named))
    at = folder(given)
    top, doubt = _top(at)
    data = at / _text(top.get("site"), "data", "data")
    return SocketPlace(data / _text(top.get("local"), "socket", "tocsin.sock"), doubt)


def _top(at: Path) -> tuple[dict[str, object], str]:
    try:
        return tomllib.loads((at / "tocsin.toml").read_text(encoding="utf-8")), ""
    except NotADirectoryError:
        return {}, f"{at} is not a folder: --config takes the folder of tocsin.toml."
    except FileNotFoundError:
        return {}, f"There is no tocsin.toml in {at}: name its folder with --config, or make one with tocsin init."
    except (ValueError, RecursionError):
        return {}, f"{at / 'tocsin.toml'} is broken: tocsin config check {at}"
    except OSError as error:
        return {}, f"{at / 'tocsin.toml'} cannot be read: {error.strerror}. TOCSIN_SOCKET can name the socket instead."


def _text(table: object, key: str, default: str) -> str:
    found = table.get(key, default) if isinstance(table, dict) else default
    return found if isinstance(found, str) else default
