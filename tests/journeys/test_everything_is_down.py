"""Every system around takes connections and never answers: a request is opened, confirmed, carried out and recorded."""

import asyncio
from pathlib import Path

import pytest

from tests.crash.installation import CHANGE, Counted
from tests.journeys.test_waking import E1, served
from tests.neighbours.pager_services import Service, hanging_service
from tests.service.world import until
from tocsin import wiring
from tocsin.domain import events as e
from tocsin.domain.change import Verdict
from tocsin.domain.commands import Command, Confirm, Describe, Go, Good, Take, TellLive
from tocsin.domain.commands.opening import Ask
from tocsin.domain.people import PersonId, RequestId, Speaker, Surface
from tocsin.domain.plan import Reason, Remedy
from tocsin.domain.recorded import StreamId
from tocsin.domain.request import Request, Status
from tocsin.domain.wish import Wish
from tocsin.record.verifying import verify
from tocsin.service.handler import Act
from tocsin.views.sentences.asking import shown

PATIENCE_SECONDS = 40.0
WISH = Wish(
    reason=Reason.DATA,
    remedy=Remedy.FIX,
    sentence="pages are lost",
    why_not_rollback="a rollback would lose edits",
    going_back=Verdict.YES,
)


def surround(folder: Path, hole: Service) -> None:
    """Have the installation ask and tell systems that all hang."""
    site = f"http://127.0.0.1:{hole.port}"
    for name in ("token", "id", "key"):
        secret = folder / name
        secret.touch(0o600)
        secret.write_text("open-sesame\n")
    top = (folder / "tocsin.toml").read_text().partition("[tasks]")[0]
    (folder / "tocsin.toml").write_text(f"""{top}
[[gerrit]]
site = "{site}/r"
[phabricator]
site = "{site}"
token_file = "token"
[train]
blockers = "{site}/blockers"
team = "release-engineering"
[admin_log]
tcpircbot = "127.0.0.1:{hole.port}"
address = "{site}/log"
""")
    (folder / "calendar.toml").write_text(f"""
[[source]]
name = "Deployments"
kind = "deployments-page"
address = "{site}/wiki/Deployments"
""")
    (folder / "rota.toml").write_text(f"""
[[source]]
kind = "splunk-on-call"
team = "sre"
address = "{site}"
vo_team = "sre"
api_id_file = "id"
api_key_file = "key"
""")
    (folder / "policies.toml").write_text('[limits]\ngo_after_yes = "1 s"\n')
    waking = folder / "waking.toml"
    waking.touch(0o600)
    waking.write_text(f'[people.bo-sre]\nurls = ["json://127.0.0.1:{hole.port}"]\n')


async def says(server: wiring.Server, person: str, command: Command, request: RequestId | None = E1) -> None:
    speaker = Speaker(person, Surface.CLI, PersonId(person), proof="played")
    await server._handler.handle(Act(speaker, command, request))


def now(server: wiring.Server) -> Request:
    found = server._requests.find(E1)
    assert found is not None
    return found


def outcomes(server: wiring.Server) -> dict[PersonId, e.WakeOutcome]:
    recorded = (each.event for each in server._store.read(StreamId(E1)))
    return {event.person: event.outcome for event in recorded if isinstance(event, e.WakeAttempted)}


@pytest.mark.hostile
async def test_with_every_system_hanging_a_request_is_opened_confirmed_carried_out_and_recorded(tmp_path: Path) -> None:
    installation = Counted(tmp_path / "installation")
    installation.write()
    with hanging_service() as hole:
        surround(installation.folder, hole)
        async with served(installation.folder) as server:
            await says(server, "ada", Ask("help", Wish(named=CHANGE, task="T1234"), "#website"), None)
            await says(server, "ada", Describe(WISH))
            await until(lambda: now(server).proposal, PATIENCE_SECONDS)
            proposal = now(server).proposal
            assert proposal is not None
            seen = "".join(str(word) for word in shown(proposal, now(server)).words)
            assert "which nobody has seen: code review does not answer" in seen
            assert {"code review", "task", "calendar"} <= set(now(server).facts.unknown)
            assert now(server).private, "nobody vouched for it that all may read it"
            for person in ("bo-sre", "kim-releng"):
                await says(server, person, Confirm(proposal.check_word))
            await asyncio.sleep(1.1)
            await says(server, "kim-releng", Take())
            await says(server, "kim-releng", Go())
            await until(lambda: now(server).underway.checkpoint, PATIENCE_SECONDS)
            await asyncio.sleep(5.1)  # what is good so soon may not have been looked at
            for person in ("ada", "kim-releng"):
                await says(server, person, Good())
            await until(lambda: now(server).status is Status.VERIFYING, PATIENCE_SECONDS)
            await says(server, "ada", TellLive(True))
            await until(lambda: now(server).status is Status.DONE, PATIENCE_SECONDS)
            await until(lambda: now(server).told(e.Outside.ADMIN_LOG, "started"), PATIENCE_SECONDS)
            await until(lambda: outcomes(server).get(PersonId("bo-sre")), PATIENCE_SECONDS)
            assert outcomes(server)[PersonId("bo-sre")] is e.WakeOutcome.FAILED
            size = server._store.size()
            verdict = verify(
                server._store.all_entries(size), server._store.all_heads(size), server._store.public_keys()
            )
    assert not verdict.problems
