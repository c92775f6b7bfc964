"""`tocsin webhook test`: a signed ping goes the way of every delivery, and what became of it is told."""

import hmac
import json
from pathlib import Path

from tests.cli.running import Ended, run
from tests.neighbours.sites import Answer, site
from tocsin.cli import exits

SECRET = "a secret that nobody guesses"


def tried(folder: Path, address: str, *words: str) -> Ended:
    top = folder / "tocsin.toml"
    (folder / "hook-secret").write_text(f"{SECRET}\n")
    (folder / "hook-secret").chmod(0o600)
    if "[[webhooks]]" not in top.read_text():
        hook = f'\n[[webhooks]]\nname = "board"\nurl = "{address}/hook"\nsecret_file = "hook-secret"\n'
        top.write_text(top.read_text() + hook)
    return run("--config", str(folder), *words)


def test_a_ping_is_taken_and_its_signature_is_right(configuration: Path) -> None:
    with site() as served:
        served.answers["/hook"] = Answer(b"thanks")
        ended = tried(configuration, served.address, "webhook", "test", "board")
    assert (ended.code, ended.out) == (exits.DONE, "board took a signed ping.\n")
    headers, body = served.headers[0], served.sent[0][1]
    content = f"{headers['Tocsin-Timestamp']}.{headers['Tocsin-Delivery']}.".encode() + body
    assert headers["Tocsin-Signature"] == "sha256=" + hmac.digest(SECRET.encode(), content, "sha256").hex()
    assert json.loads(body) == {"kind": "ping"}


def test_a_no_and_an_unknown_name_are_told(configuration: Path) -> None:
    with site() as served:
        served.answers["/hook"] = Answer(b"", 500)
        ended = tried(configuration, served.address, "webhook", "test", "board")
        assert ended.code == exits.UNREACHABLE
        assert ended.err.endswith("the webhook board: it answered 500. Nothing was taken.\n")
        ended = tried(configuration, served.address, "webhook", "test", "bord")
    assert ended.code == exits.UNKNOWN
    assert "There is no webhook bord." in ended.err
    assert SECRET not in ended.out + ended.err


def test_a_check_online_sends_a_webhook_nothing_and_says_so(configuration: Path) -> None:
    with site() as served:
        ended = tried(configuration, served.address, "config", "check", "--online", "--limit", "2")
    assert "webhook board: not tried, since that would send something: tocsin webhook test board" in ended.out
    assert served.asked == []
