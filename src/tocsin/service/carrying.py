"""Carrying out what was confirmed: asks the rules what comes next, does only that, and reports it to the record."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import structlog

from tocsin.domain.commands.carrying_out import EndStep, StartStep
from tocsin.domain.commands.proving import ReportSight
from tocsin.domain.deployment import Fate
from tocsin.domain.errors import Conflict, RecordUnavailable, Refused, StepFailed
from tocsin.domain.people import RequestId, Speaker, Surface
from tocsin.domain.plan import ExecutorKind
from tocsin.domain.progress import Prove, RunStep, Wait, next_step
from tocsin.domain.request import Request
from tocsin.service.brake import Brake
from tocsin.service.handler import Act, Handler
from tocsin.service.ports import Executor, Outcome, Prover
from tocsin.service.requests import Requests

log = structlog.get_logger()
RUNNER = Speaker(name="the runner", surface=Surface.RUNNER)
LOOK_EVERY = timedelta(seconds=2)
RECORD_AGAIN_AFTER = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Carrying:
    """Carries requests out, one piece of work at a time; being killed between any two of its lines loses nothing."""

    handler: Handler
    requests: Requests
    executors: Mapping[ExecutorKind, Executor]
    prover: Prover
    brake: Brake
    look_every: timedelta = LOOK_EVERY

    async def carry(self, request_id: RequestId) -> bool:
        """Do the next piece of work of a request, and say whether to ask for more at once."""
        request = self.requests.find(request_id)
        if request is None:
            return False
        work = next_step(request)
        if self.brake.pulled(request_id) and not (isinstance(work, RunStep) and work.started):
            return await self._later()
        try:
            match work:
                case RunStep():
                    return await self._run(request, work)
                case Prove():
                    return await self._prove(request, work)
                case Wait():
                    return False
        except (Refused, Conflict) as overtaken:
            log.info("overtaken while carrying out", request=request_id, why=str(overtaken))
            return True
        except RecordUnavailable as gone:
            log.error("nothing is carried out while the record takes nothing", request=request_id, why=str(gone))
            return await self._later()

    async def kill(self, request_id: RequestId) -> None:
        """Kill the step that runs, if one does."""
        request = self.requests.find(request_id)
        work = next_step(request) if request else Wait()
        if request and isinstance(work, RunStep) and work.started:
            await self._executor(request).kill(work.name(request))

    async def _run(self, request: Request, work: RunStep) -> bool:
        if not work.started:
            await self._report(request, StartStep(work.direction, work.step, work.attempt))
            claimed = self.requests.find(request.id)
            if claimed is None or claimed.underway.running != work.step:
                return True
        try:
            outcome = await self._executor(request).carry(work.name(request), work.command)
        except StepFailed as failed:
            outcome = Outcome(Fate.ENDED, None, timedelta(), "", 0, str(failed))
        ended = EndStep(
            work.direction,
            work.step,
            work.attempt,
            outcome.fate,
            outcome.exit_code,
            outcome.took,
            outcome.output_sha256,
            outcome.output_bytes,
            outcome.last_line,
        )
        await self._report_at_last(request, ended)
        return True

    async def _prove(self, request: Request, work: Prove) -> bool:
        assert request.proposal is not None, "only what was proposed is proved"
        proofs = request.proposal.plan.proofs
        sights = await asyncio.gather(*(self.prover.look(proofs[proof]) for proof in work.proofs))
        for proof, sight in zip(work.proofs, sights, strict=True):
            await self._report(request, ReportSight(proof, sight.live, sight.saw))
        still = self.requests.find(request.id)
        if still is None or not isinstance(next_step(still), Prove):
            return True
        await asyncio.sleep(self.look_every.total_seconds())
        return True

    async def _later(self) -> bool:
        """Ask again in a while: whether there is work is not known before the record can be written."""
        await asyncio.sleep(RECORD_AGAIN_AFTER.total_seconds())
        return True

    async def _report(self, request: Request, command: StartStep | EndStep | ReportSight) -> None:
        await self.handler.handle(Act(RUNNER, command, request.id))

    async def _report_at_last(self, request: Request, ended: EndStep) -> None:
        """What has ended has ended: wait for the record rather than lose it. The attempt's files keep it meanwhile."""
        while True:
            try:
                return await self._report(request, ended)
            except RecordUnavailable as gone:
                log.error("a step ended and the record does not take it yet", request=request.id, why=str(gone))
                await asyncio.sleep(RECORD_AGAIN_AFTER.total_seconds())

    def _executor(self, request: Request) -> Executor:
        assert request.proposal is not None, "only what was proposed is carried out"
        return self.executors[request.proposal.plan.executor]
