"""A metric is a proof when every series of it kept to its side for the whole span."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.neighbours.sites import Answer, Site, site
from tocsin.domain.plan import MetricProof
from tocsin.neighbours.proofs.history import Histories
from tocsin.neighbours.proofs.looking import Proofs
from tocsin.service.ports import Sight

QUERY = "sum(rate(errors_total[1m])) by (site)"
PATH = "/api/v1/query_range"
BEGIN = 1_764_000_000


@pytest.fixture
def prometheus() -> Iterator[Site]:
    with site() as served:
        yield served


def says(prometheus: Site, *series: list[object], kind: str = "matrix", status: str = "success") -> None:
    """Answer with series of values, a point every six seconds."""
    result = [
        {"metric": {"site": str(place)}, "values": [[BEGIN + 6 * n, str(value)] for n, value in enumerate(values)]}
        for place, values in enumerate(series)
    ]
    prometheus.says(PATH, {"status": status, "data": {"resultType": kind, "result": result}}, before=b"")


async def looked(prometheus: Site, *, below: str = "", above: str = "") -> Sight:
    proof = MetricProof(prometheus.address, QUERY, below, above, timedelta(minutes=2))
    return await Proofs(Histories(Path("/nonexistent"))).look(proof)


@pytest.mark.parametrize(
    ("series", "below", "live", "words"),
    [
        ([[0.2] * 21], "0.5", True, "it has been below 0.5 for 120 s, 0.2 now"),
        ([[0.2] * 20], "0.5", True, "it has been below 0.5"),
        ([[0.9] + [0.2] * 20], "0.5", None, "it is 0.2 now, and not yet below 0.5 for 120 s"),
        ([[0.2] * 20 + [0.9]], "0.5", False, "it is 0.9 now, not below 0.5"),
        ([[0.2] * 21, [0.2] * 20 + [0.5]], "0.5", False, "it is 0.5 now, not below 0.5"),
        ([[0.2] * 10], "0.5", None, "it is 0.2 now, and not known for all of 120 s"),
        ([[0.2] * 21, []], "0.5", True, "it has been"),
        ([], "0.5", None, "no series is there"),
        ([[]], "0.5", None, "no series is there"),
    ],
)
async def test_every_series_counts_over_the_whole_span(
    prometheus: Site, series: list[list[object]], below: str, live: bool | None, words: str
) -> None:
    says(prometheus, *series)
    sight = await looked(prometheus, below=below)
    assert sight.live is live
    assert words in sight.saw


async def test_the_other_side_is_above(prometheus: Site) -> None:
    says(prometheus, [99.95] * 21, [99.2] * 21)
    assert (await looked(prometheus, above="99.1")).live is True
    assert (await looked(prometheus, above="99.5")).live is False


async def test_the_span_is_asked_for_whole_in_twenty_steps(prometheus: Site) -> None:
    says(prometheus, [0.2] * 21)
    await looked(prometheus, below="0.5")
    asked = parse_qs(urlsplit(prometheus.asked[0]).query)
    assert asked["query"] == [QUERY]
    assert float(asked["end"][0]) - float(asked["start"][0]) == pytest.approx(120)
    assert asked["step"] == ["6.000"]


@pytest.mark.parametrize("value", ["NaN", "+Inf", "zwei"])
async def test_what_is_no_number_tells_nothing(prometheus: Site, value: str) -> None:
    says(prometheus, [value] * 21)
    sight = await looked(prometheus, below="0.5")
    assert (sight.live, "a shape that we do not know" in sight.saw) == (None, True)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer(b'{"status": "success", "data": {"resultType": "vector", "result": []}}'), "does not take the query"),
        (Answer(b'{"status": "error", "errorType": "bad_data"}', 400), "it answered 400"),
        (Answer(b"[]"), "a shape that we do not know"),
        (Answer(b'{"status": "success"}'), "a shape that we do not know"),
        (Answer(b"<html>"), "something else than JSON"),
    ],
)
async def test_whatever_else_it_answers_tells_nothing(prometheus: Site, answer: Answer, words: str) -> None:
    prometheus.answers[PATH] = answer
    sight = await looked(prometheus, below="0.5")
    assert sight.live is None
    assert words in sight.saw
