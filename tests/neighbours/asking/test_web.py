"""Asking a site: what did not change is not sent again, a limit is taken for nothing else, an error holds no secret."""

import time
from collections.abc import Iterator

import pytest

from tests.neighbours.sites import Answer, Site, site
from tocsin.domain.errors import Unreachable
from tocsin.neighbours.asking import web
from tocsin.neighbours.asking.remembering import LARGEST_KEPT_BYTES, MOST_KEPT, Remembered

MARK = (("ETag", '"1"'),)


@pytest.fixture
def served() -> Iterator[Site]:
    with site() as served:
        served.answers["/a"] = Answer(b'{"said": 1}', headers=MARK)
        yield served


def asking(served: Site) -> web.Site:
    return web.Site("a site", served.address, 5.0, remembered=Remembered())


async def test_what_did_not_change_is_told_again_without_being_sent(served: Site) -> None:
    asked = asking(served)
    assert await asked.ask("/a") == await asked.ask("/a") == {"said": 1}
    assert served.unchanged == 1


async def test_what_changed_is_told_anew(served: Site) -> None:
    asked = asking(served)
    await asked.ask("/a")
    served.answers["/a"] = Answer(b'{"said": 2}', headers=(("ETag", '"2"'),))
    assert await asked.ask("/a") == {"said": 2}
    assert served.unchanged == 0


@pytest.mark.parametrize(
    "answer",
    [
        Answer(b'{"said": 1}'),
        Answer(b" " * LARGEST_KEPT_BYTES + b"{}", headers=MARK),
        Answer(b"{}", 404, headers=MARK),
    ],
)
async def test_what_bears_no_mark_is_too_long_or_is_not_there_is_asked_for_anew(served: Site, answer: Answer) -> None:
    asked = asking(served)
    served.answers["/b"] = answer
    await asked.ask("/b")
    await asked.ask("/b")
    assert (len(served.asked), served.unchanged) == (2, 0)


async def test_of_many_questions_the_oldest_answers_are_forgotten(served: Site) -> None:
    asked = asking(served)
    for number in range(MOST_KEPT + 1):
        await asked.ask(f"/a?{number}")
    await asked.ask("/a?0")
    assert served.unchanged == 0
    await asked.ask(f"/a?{MOST_KEPT}")
    assert served.unchanged == 1


async def test_a_site_without_a_memory_is_asked_as_if_for_the_first_time(served: Site) -> None:
    plain = web.Site("a site", served.address, 5.0)
    assert await plain.ask("/a") == await plain.ask("/a") == {"said": 1}
    assert served.unchanged == 0


async def test_one_that_says_unchanged_without_being_asked_answers_nothing(served: Site) -> None:
    served.answers["/a"] = Answer(b"", 304)
    with pytest.raises(Unreachable, match="it answered 304"):
        await asking(served).ask("/a")


@pytest.mark.parametrize(
    ("ends_in", "told"), [(600, r"at \d\d:\d\d UTC"), (-600, "in a few minutes"), (10**6, "in a few")]
)
async def test_when_to_ask_again_is_told_where_that_can_be_believed(served: Site, ends_in: int, told: str) -> None:
    ends = str(int(time.time()) + ends_in)
    served.answers["/a"] = Answer(b"{}", 403, (("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", ends)))
    with pytest.raises(Unreachable, match=f"we asked it too often, and may ask again {told}"):
        await asking(served).ask("/a")


async def test_whom_to_trust_is_read_once_for_all_sites() -> None:
    """Reading it takes longer than many an answer, and nothing else is done meanwhile."""
    assert web.trusted() is web.trusted()


@pytest.mark.parametrize("answer", [Answer(b"<html>open-sesame</html>"), Answer(b"", seconds=30)])
async def test_what_led_to_an_error_is_not_kept_with_it(served: Site, answer: Answer) -> None:
    served.answers["/"] = answer
    asked = web.Site("the site", served.address, 0.3, headers=(("X-Key", "open-sesame"),))
    with pytest.raises(Unreachable) as silent:
        await asked.ask("/?key=open-sesame")
    assert (silent.value.__cause__, silent.value.__context__) == (None, None)
    assert "open-sesame" not in str(silent.value)
