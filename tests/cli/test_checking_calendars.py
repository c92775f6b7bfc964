"""`tocsin config check --online` reads each calendar from outside once, and says how much it gives."""

import json
from pathlib import Path

from tests.cli.running import run
from tests.neighbours.calendars.test_page import item, page
from tests.neighbours.sites import Answer, site
from tocsin.cli import exits


def test_each_calendar_is_read_once_and_its_windows_are_counted(configuration: Path) -> None:
    (configuration / "tocsin.toml").write_text('[site]\nname = "Example"\n[record]\norigin = "tocsin.example.org"\n')
    with site() as wiki:
        wiki.answers["/wiki"] = Answer(page(item("Backports"), item("Train", ends="2026-12-14T08:00:00Z")))
        table = '[[source]]\nname = "{}"\nkind = "deployments-page"\naddress = "{}"\n'
        (configuration / "calendar.toml").write_text(
            table.format("Deployments", f"{wiki.address}/wiki") + table.format("Other", f"{wiki.address}/nothing")
        )
        ended = run("config", "check", str(configuration), "--online")
        assert "calendar Deployments: 1 window and no freezes, 1 left out" in ended.out
        assert "calendar Other: it is not there, or not for us" in ended.err
        assert "  Deployments: 'Train' of 2026-12-14 08:00 UTC has no length, and is left out." in ended.err
        assert ended.code != exits.DONE
        told = json.loads(run("config", "check", str(configuration), "--online", "--json").out)
        assert [each["windows"] for each in told["calendars"]] == [1, 0]
        assert sorted(wiki.asked) == ["/nothing", "/nothing", "/wiki", "/wiki"]
