"""Asking a Prometheus whether something has stayed on one side of a number for a whole span.

Law: no series, or a gap in one, tells nothing; one series on the wrong side now tells *not live*.
The shape: https://prometheus.io/docs/prometheus/latest/querying/api/ (range queries).
"""

from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from urllib.parse import urlencode

from tocsin.domain.errors import Unreachable
from tocsin.domain.plan import MetricProof
from tocsin.neighbours.asking.web import Site
from tocsin.neighbours.proofs.history import Held

POINTS: Final = 20
"""Moments of a span that are looked at; one may be missing at its beginning, before the first scrape."""
SHORTEST_STEP: Final = timedelta(seconds=1)


async def metric(site: Site, path: str, proof: MetricProof, now: datetime) -> Held:
    """Say whether every series of a query kept to its side; raises `Unreachable`."""
    step = max(proof.span / POINTS, SHORTEST_STEP)
    asked = urlencode(
        {
            "query": proof.query,
            "start": f"{(now - proof.span).timestamp():.3f}",
            "end": f"{now.timestamp():.3f}",
            "step": f"{step.total_seconds():.3f}",
        }
    )
    told = await site.ask(f"{path.rstrip('/')}/api/v1/query_range?{asked}")
    series = _series(site, told)
    if not series:
        return Held(None, "no series is there")
    return _judged(proof, series, whole=int(proof.span / step))


def _judged(proof: MetricProof, series: list[list[Decimal]], whole: int) -> Held:
    side = f"below {proof.below}" if proof.below else f"above {proof.above}"
    worst = _worst(proof, [each[-1] for each in series])
    if not _kept(proof, worst):
        return Held(False, f"it is {worst:f} now, not {side}")
    if any(len(each) < whole for each in series):
        return Held(None, f"it is {worst:f} now, and not known for all of {proof.span.total_seconds():g} s")
    if not all(_kept(proof, value) for each in series for value in each):
        return Held(None, f"it is {worst:f} now, and not yet {side} for {proof.span.total_seconds():g} s")
    return Held(True, f"it has been {side} for {proof.span.total_seconds():g} s, {worst:f} now")


def _worst(proof: MetricProof, values: list[Decimal]) -> Decimal:
    return max(values) if proof.below else min(values)


def _kept(proof: MetricProof, value: Decimal) -> bool:
    return value < Decimal(proof.below) if proof.below else value > Decimal(proof.above)


def _series(site: Site, told: Any) -> list[list[Decimal]]:  # noqa: ANN401 - foreign JSON
    """Return the values of each series, oldest first; what is no number has no place in a proof."""
    try:
        if told["status"] != "success" or told["data"]["resultType"] != "matrix":
            raise Unreachable(site.system, "it does not take the query")
        series = [[_value(text) for _, text in each["values"]] for each in told["data"]["result"]]
    except (KeyError, TypeError, ValueError, InvalidOperation) as other:
        raise Unreachable(site.system, "it answered in a shape that we do not know") from other
    return [each for each in series if each]


def _value(text: object) -> Decimal:
    value = Decimal(str(text))
    if not value.is_finite():
        raise ValueError("is not a number")
    return value
