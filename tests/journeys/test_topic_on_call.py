"""Who is on call by the topic of the channel, on a real network: another topic, and the next request names another."""

import time
from pathlib import Path

import pytest

from tests.journeys.scene import PATIENCE_SECONDS, Scene, scene
from tocsin.demo.site import FIX
from tocsin.demo.story import CHANNEL

pytestmark = pytest.mark.hostile

ROTA = f'[[source]]\nkind = "topic"\nteam = "sre"\nchannel = "{CHANNEL}"\n'


def asked_for(on: Scene, request: str) -> str:
    """Have ada cry for help and take it back; return whom the first answer named."""
    on.says("ada", f"help! I'd like to do an emergency deploy for {FIX.number} -- context is T1234")
    asked = on.hears(rf"{request} for ada.* Asking ([^.]+)\.")
    on.says("ada", f"!withdraw {request}")
    on.hears(f"{request}.*(withdrawn|withdraws|takes it back)")
    return asked


def set_topic(on: Scene, topic: str) -> None:
    on.people["mo-sre"].send(f"TOPIC {CHANNEL} :{topic}")
    on.people["ada"].wait_for(rf" TOPIC {CHANNEL} :")


def test_the_next_request_names_whom_the_topic_names_and_a_topic_makes_nobody_a_member(place: Path) -> None:
    with scene(place, served=False) as on:
        on.enter("mo-sre", "mo-sre")
        on.enter("ada", "ada")
        (on.home / "rota.toml").write_text(ROTA)
        set_topic(on, "Status: up | SRE on call: mo-sre, ada | Paint")
        on.serve()
        assert "mo-sre (SRE, on call)" in asked_for(on, "E1")
        set_topic(on, "Status: up | SRE on call: bo-sre | E1 confirming")
        deadline, number = time.monotonic() + PATIENCE_SECONDS, 2
        while "bo-sre (SRE, on call)" not in asked_for(on, f"E{number}"):
            assert time.monotonic() < deadline
            number += 1
        assert number <= 3, "it is taken in at once, and not with the next look at all rotas"
        log = (on.home / "serve.log").read_text()
        assert log.count("somebody on call is no member of the team") == 1
