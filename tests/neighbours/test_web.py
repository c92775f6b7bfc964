"""What an error on a site may hold: words about it, and nothing that was sent or answered."""

from collections.abc import Iterator

import pytest

from tests.neighbours.sites import Answer, Site, site
from tocsin.domain.errors import Unreachable
from tocsin.neighbours.web import Site as Asked


@pytest.fixture
def served() -> Iterator[Site]:
    with site() as there:
        yield there


@pytest.mark.parametrize("answer", [Answer(b"<html>open-sesame</html>"), Answer(b"", seconds=30)])
async def test_what_led_to_an_error_is_not_kept_with_it(served: Site, answer: Answer) -> None:
    served.answers["/"] = answer
    asked = Asked("the site", served.address, 0.3, headers=(("X-Key", "open-sesame"),))
    with pytest.raises(Unreachable) as silent:
        await asked.ask("/?key=open-sesame")
    assert (silent.value.__cause__, silent.value.__context__) == (None, None)
    assert "open-sesame" not in str(silent.value)
