"""Talking to a server over its HTTP API; says the same things as the socket of this machine, and answers the same.

It is the standard library's client: httpx2 takes twice as long to load, and a whole command shall take under 200 ms.
It follows no redirect and asks no proxy, so a token goes to the named host or nowhere.
"""

import http.client
import json
import socket
import ssl
import time
from collections.abc import Mapping
from typing import Any

from tocsin.cli.client import LONGEST_ANSWER, LONGEST_LINE, PATIENCE_SECONDS, WAS_IT_DONE, ServerUnreachable, TooLong
from tocsin.cli.naming import Server
from tocsin.cli.replies import Reply, answer_of
from tocsin.cli.routes import QUESTIONS, Route, open_in, route_of, which_one

_READ_BYTES = 65536
_BROKEN = (http.client.HTTPException, OSError)


def ask_server(server: Server, asking: dict[str, Any], patience_seconds: float = PATIENCE_SECONDS) -> dict[str, Any]:
    """Send one act or question and return the answer; raises `ServerUnreachable` or `TooLong`.

    The connection that breaks before an answer is tried once more: the key keeps the act from being counted twice.
    """
    route = route_of(asking)
    if route.about_one and not asking.get("request"):
        known = ask_server(server, {"verb": "list"}, patience_seconds)
        names = open_in(known)
        if known["outcome"] != "told":
            return known
        if len(names) != 1:
            return known if asking["verb"] in QUESTIONS else which_one(asking["verb"], names)
        asking = {**asking, "request": names[0]}
    return _told_twice(server, route, asking, patience_seconds)


def _told_twice(server: Server, route: Route, asking: Mapping[str, Any], patience: float) -> dict[str, Any]:
    try:
        return answer_of(_exchange(server, route, asking, patience), server)
    except _Broke:
        pass
    try:
        answer = answer_of(_exchange(server, route, asking, patience), server)
    except _Broke as error:
        raise ServerUnreachable(f"The server went away before it answered. {WAS_IT_DONE}") from error
    if answer["outcome"] == "repeated":  # by ourselves: the first time it was done, and only the answer was lost
        see = f"How it stands: !status {asking['request']}" if asking.get("request") else "How it stands: !list"
        return {**answer, "outcome": "done", "lines": [f"It was done; the answer was lost on the way. {see}"]}
    return answer


class _Broke(Exception):
    """The connection broke after something was sent and before the whole answer had come."""


def _exchange(server: Server, route: Route, asking: Mapping[str, Any], patience: float) -> Reply:
    body = _body(route, asking)
    path = server.prefix + route.of(str(asking.get("request", "")), str(asking.get("words", "")))
    until = time.monotonic() + patience
    connection = connected(server, patience)
    try:
        connection.request(route.method, path, body, headers(server, asking))
        response = connection.getresponse()
        return reply_of(response, _read(response, until))
    except TimeoutError as error:
        raise ServerUnreachable(f"The server did not answer within {patience:.0f} s. {WAS_IT_DONE}") from error
    except _BROKEN as error:
        raise _Broke from error
    finally:
        connection.close()


def connected(server: Server, patience: float) -> http.client.HTTPConnection:
    """Return a connection to a server, on which nothing was sent yet; raises `ServerUnreachable`."""
    connection = (
        http.client.HTTPSConnection(server.host, server.port, timeout=patience, context=ssl.create_default_context())
        if server.secure
        else http.client.HTTPConnection(server.host, server.port, timeout=patience)
    )
    try:
        connection.connect()
    except _BROKEN as error:
        connection.close()
        raise ServerUnreachable(_why(error, server, patience)) from error
    return connection


def headers(server: Server, asking: Mapping[str, Any]) -> dict[str, str]:
    """Return what goes before an act or question; the token is in here and nowhere else."""
    key = {"Idempotency-Key": str(asking["key"])} if asking.get("key") else {}
    expected = {"Expected-Position": str(asking["expect"])} if asking.get("expect") is not None else {}
    content = {"Content-Type": "application/json"} if "fields" in asking else {}
    own = {"Authorization": f"Bearer {server.token}", "Accept": "application/json", "Connection": "close"}
    return {**own, **content, **key, **expected}


def reply_of(response: http.client.HTTPResponse, body: bytes) -> Reply:
    """Return what counts of a response."""
    kind = (response.getheader("Content-Type") or "").partition(";")[0].strip().casefold()
    return Reply(
        response.status, kind, body, response.getheader("Location") or "", response.getheader("Retry-After") or ""
    )


def _body(route: Route, asking: Mapping[str, Any]) -> bytes | None:
    if route.method == "GET":
        return None
    sent = json.dumps(asking.get("fields") or {}).encode()
    if len(sent) > LONGEST_LINE:
        raise TooLong(f"That is {len(sent)} bytes, and the server takes {LONGEST_LINE}: say it shorter.")
    return sent


def _read(response: http.client.HTTPResponse, until: float) -> bytes:
    """Read to the end that was declared, in time and size; half an answer is none."""
    declared, data = response.length, bytearray()
    while (declared is None or len(data) < declared) and (more := response.read1(_READ_BYTES)):
        data += more
        if len(data) > LONGEST_ANSWER:
            sentence = (
                f"The server's answer is larger than {LONGEST_ANSWER // 1024**2} MB and was not read. {WAS_IT_DONE}"
            )
            raise ServerUnreachable(sentence)
        if time.monotonic() > until:
            raise TimeoutError
    if declared is not None and len(data) < declared:
        raise http.client.IncompleteRead(bytes(data))
    return bytes(data)


def _why(error: Exception, server: Server, patience: float) -> str:
    """Say why there is no connection; nothing was sent, and nothing was done."""
    nothing = "Nothing was sent."
    match error:
        case ssl.SSLCertVerificationError():
            ask = "Ask who runs it; the certificate of an authority of your own is named in SSL_CERT_FILE."
            return f"The certificate of {server.host} is not to be trusted: {error.verify_message}. {nothing} {ask}"
        case ssl.SSLError():
            return f"{server.url} does not speak TLS as it should. {nothing} Check the port in --server."
        case socket.gaierror():
            return f"The name {server.host} is not found. {nothing} Check --server, and whether there is a network."
        case ConnectionRefusedError():
            return f"Nobody answers at {server.url}. {nothing} The server may be down, or --server be wrong."
        case TimeoutError():
            return f"{server.url} did not answer within {patience:.0f} s. {nothing} Check the network, or the VPN."
        case OSError():
            return f"{server.url} cannot be reached: {error.strerror or error}. {nothing} Check the network."
        case _:
            return f"{server.url} cannot be reached. {nothing} Check --server."
