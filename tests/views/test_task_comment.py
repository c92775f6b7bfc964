"""The comment on the task: all that its readers want to know of the end, and nothing that a tracker would act on."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.night import WISH
from tests.views.telling import Told
from tocsin.domain.commands import Close, RollBack
from tocsin.domain.deployment import Fate
from tocsin.domain.plan import Step
from tocsin.domain.wish import Wish
from tocsin.views.outside import turns
from tocsin.views.task_comment import task_comment

HEAD = "1234:" + "9f3a61c27b08" * 5
LONGEST_BYTES = 5000


def of(night: Told, head: str = HEAD, url: str = "") -> list[str]:
    *_, end = turns(night.recorded)
    return task_comment(end, head, url).splitlines()


def done(wish: Wish = WISH) -> Told:
    night = Told(wish=wish).verifying()
    night.seen(live=True)
    return night


def test_it_tells_what_why_by_whom_how_it_ended_where_to_read_on_and_the_records_head() -> None:
    night = done()
    assert of(night, url="https://tocsin.example.org/") == [
        f"E17 is done: disable by 1234/3 `Stop caching painted pages` on mediawiki-config, at {night.now:%H:%M} UTC.",
        "Asked for by ada, data: `painted pages are cached corrupted`",
        "Confirmed by kim-releng (Release Engineering) and bo-sre (SRE).",
        "Live: `seen on example.org`",
        "Left to do: `1234 lands on the main branch too (ada); review within 7 days (ada)`",
        "https://tocsin.example.org/E17",
        f"Record: 1234 entries, head {HEAD[5:]}",
    ]


def test_where_there_is_no_page_and_no_head_nothing_is_said_of_them() -> None:
    assert [line.partition(":")[0] for line in of(done(), head="")][-2:] == ["Live", "Left to do"]


def test_of_a_rollback_it_says_where_it_is_gone() -> None:
    night = done()
    night.says("ada", RollBack())
    night.runs()
    night.runs()
    night.seen(live=False)
    assert of(night)[0].startswith("E17 is rolled back: ")
    assert "Gone: `seen on example.org`" in of(night)


def test_closed_by_hand_it_tells_what_is_true_now() -> None:
    night = Told().deploying()
    night.runs(3, Fate.ENDED)
    night.says("kim-releng", Close("canaries run 1234/3"))
    night.says("bo-sre", Close("canaries run 1234/3"))
    assert "True now: `canaries run 1234/3`" in of(night)


def test_without_a_change_the_recipe_is_named() -> None:
    steps = (Step("everywhere", ("deploy",), undo=("undeploy",)),)
    night = Told(steps=steps, change=None, wish=replace(WISH, named="", recipe="config")).deploying()
    night.runs(3, Fate.ENDED)
    night.says("kim-releng", Close("x"))
    night.says("bo-sre", Close("x"))
    assert of(night)[0].startswith("E17 is closed by hand: disable by recipe config on mediawiki-config")


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=2000))
def test_what_people_wrote_stays_between_backticks_and_is_bounded(text: str) -> None:
    lines = of(done(replace(WISH, sentence=f"{{T1}} @ada `{text}")))
    why = lines[1]
    assert why.startswith("Asked for by ada, data: `{T1} @ada '") and why.endswith("`")
    assert why.count("`") == 2
    assert len("\n".join(lines).encode()) <= LONGEST_BYTES
