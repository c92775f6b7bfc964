"""Which server is meant and by which token one speaks there; a token is never taken from the command line's words."""

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import click

_TOKEN = re.compile(r"[A-Za-z0-9._~+/=-]{8,512}", re.ASCII)
_LABEL = r"[A-Za-z0-9_-]{1,63}"
_HOST = re.compile(rf"{_LABEL}(\.{_LABEL}){{0,30}}\.?|[0-9a-f:.]{{2,45}}", re.ASCII)
_LOOPBACK = re.compile(r"localhost|127(\.[0-9]{1,3}){3}|::1", re.ASCII)
_OTHERS = 0o077
_MOST_BYTES = 4096


class Unready(Exception):
    """The server or the token is not named as it must be; nothing was sent, and the sentence says what to mend."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where the API is, and the token; `source` says where the token is from, for it is never shown itself."""

    host: str
    port: int
    prefix: str
    secure: bool
    token: str = field(repr=False)
    source: str

    @property
    def url(self) -> str:
        """Return the address as people write it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.secure else 'http'}://{host}:{self.port}{self.prefix}"


def server_of(ctx: click.Context) -> Server | None:
    """Return the server that --server or TOCSIN_SERVER names, or nothing where neither does; raises `Unready`."""
    given = ctx.find_root().params
    address, file = given.get("server") or os.environ.get("TOCSIN_SERVER"), given.get("token_file")
    if not address:
        if file:
            raise Unready("A token is for a server: name it with --server, or in TOCSIN_SERVER.")
        return None
    host, port, prefix, secure = _parts(address)
    if not secure and not _LOOPBACK.fullmatch(host):
        raise Unready(f"http would show your token to everybody on the way to {host}: name it as https://{host}")
    token, source = _token(file)
    return Server(host, port, prefix, secure, token, source)


def _parts(address: str) -> tuple[str, int, str, bool]:
    try:
        url = urlsplit(address.strip())
        secure, host = url.scheme == "https", url.hostname or ""
        port = url.port or (443 if secure else 80)
    except ValueError as error:
        raise Unready(_no_address()) from error
    if "@" in url.netloc:
        raise Unready("An address takes no name or password: put a token into a file, and name it with --token-file.")
    plain_path = re.fullmatch(r"[A-Za-z0-9._~/-]*", url.path, re.ASCII)
    if url.scheme not in ("https", "http") or not _HOST.fullmatch(host) or url.query or url.fragment or not plain_path:
        raise Unready(_no_address())
    return host, port, url.path.rstrip("/"), secure


def _no_address() -> str:
    return "The server is named by its address alone, such as https://tocsin.example.org"


def _token(file: str | None) -> tuple[str, str]:
    if not file and (given := os.environ.get("TOCSIN_TOKEN")):
        return _fitting(given, "TOCSIN_TOKEN"), "TOCSIN_TOKEN"
    file = file or os.environ.get("TOCSIN_TOKEN_FILE")
    if not file:
        make = "Make one on the page, put it into a file that only you can read, and name that with --token-file"
        raise Unready(f"The server takes a token, and there is none. {make} or TOCSIN_TOKEN_FILE.")
    return _fitting(_read(file), file), file


def _read(file: str) -> str:
    try:
        with Path(file).open("rb") as opened:
            if os.fstat(opened.fileno()).st_mode & _OTHERS:
                raise Unready(f"Others can read the token in {file}, so it was not used: chmod 600 {file}")
            return opened.read(_MOST_BYTES).decode("ascii", "replace")
    except FileNotFoundError as error:
        raise Unready(f"There is no {file}: --token-file and TOCSIN_TOKEN_FILE name the file of your token.") from error
    except OSError as error:
        raise Unready(f"The token cannot be read from {file}: {error.strerror}.") from error


def _fitting(given: str, source: str) -> str:
    token = given.strip()
    if not _TOKEN.fullmatch(token):
        raise Unready(
            f"{source} holds no token: it is one word, such as tcsn_ and what follows, as the page showed it."
        )
    return token
