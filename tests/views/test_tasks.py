"""What is said of a task whose title is known: once, in short; and in public only where the public may read it."""

from dataclasses import replace

import pytest

from tests.domain.night import BOTH, CLOCK, TASK, verified
from tests.views.telling import CRY, Told
from tocsin.domain.change import Task, Verdict
from tocsin.domain.commands.hiding import MakePublic
from tocsin.domain.commands.opening import Ask, Learn
from tocsin.views.board import status
from tocsin.views.lines import fitted
from tocsin.views.phrases import task_in_short

KNOWN = replace(TASK, title="Painted pages are lost", status="open", priority="Unbreak Now!")
SAID = 'T1234 "Painted pages are lost" (open, Unbreak Now!).'
QUIET = replace(BOTH, informed=())


def asked(task: Task | None) -> Told:
    night = Told(policy=QUIET, wish=CRY)
    night.task = task
    night.taken_in(Ask("help!", night.wish, "#ops").decide(None, night.situation(verified("ada"))), verified("ada"))
    return night


@pytest.mark.parametrize(
    ("task", "said"),
    [
        (KNOWN, SAID.removesuffix(".")),
        (replace(KNOWN, priority=""), 'T1234 "Painted pages are lost" (open)'),
        (replace(KNOWN, status=""), 'T1234 "Painted pages are lost" (Unbreak Now!)'),
        (replace(KNOWN, status="", priority=""), 'T1234 "Painted pages are lost"'),
        (replace(KNOWN, title=""), "T1234 (open, Unbreak Now!)"),
        (replace(KNOWN, title='it says "no"\u202e'), "T1234 \"it says 'no'<U+202E>\" (open, Unbreak Now!)"),
        (TASK, ""),
        (None, ""),
    ],
)
def test_a_task_is_said_in_short_as_far_as_it_is_known(task: Task | None, said: str) -> None:
    assert fitted(task_in_short(task, private=False)) == said


@pytest.mark.parametrize("public", [Verdict.NO, Verdict.UNKNOWN])
def test_of_a_task_that_is_not_public_nothing_is_said_in_public(public: Verdict) -> None:
    hidden = replace(KNOWN, public=public)
    assert task_in_short(hidden, private=False) == ()
    assert fitted(task_in_short(hidden, private=True)) == SAID.removesuffix(".")


def test_the_first_answer_says_what_the_task_is() -> None:
    assert SAID.removesuffix(".") in asked(KNOWN).lines[0]


def test_a_task_that_answers_late_is_told_once() -> None:
    night = asked(None)
    assert "Painted" not in " ".join(night.heard)
    night.task = KNOWN
    night.acts(CLOCK, Learn())
    assert SAID.removesuffix(".") in night.lines[0]
    night.task = replace(KNOWN, status="resolved", title="Painted pages were lost")
    heard = len(night.heard)
    assert night.acts(CLOCK, Learn())
    assert not [line for line in night.heard[heard:] if "Painted" in line or "looked up again" in line]


def test_a_task_alone_that_answers_late_has_a_line_of_its_own() -> None:
    night = asked(TASK)
    night.task = KNOWN
    night.acts(CLOCK, Learn())
    assert night.line == f"E17: {SAID}"


def test_asked_how_a_request_stands_it_says_how_its_task_does() -> None:
    night = asked(KNOWN)
    assert SAID.removesuffix(".") in " ".join(status(night.request, night.situation(verified("ada"))))


def test_a_private_task_makes_the_request_private_and_is_named_only_there() -> None:
    night = asked(replace(KNOWN, public=Verdict.NO))
    assert night.request.private
    assert "Painted pages are lost" in " ".join(night.heard)
    assert night.public == ["E17: asked (private)"]


def test_what_two_people_made_public_still_says_nothing_of_a_private_task() -> None:
    night = Told(policy=QUIET)
    night.task = replace(KNOWN, public=Verdict.NO)
    night.confirmed()
    night.says("ada", MakePublic())
    night.says("bo-sre", MakePublic())
    assert not night.request.private
    night.task = replace(KNOWN, public=Verdict.NO, title="Painted pages hold secrets")
    night.acts(CLOCK, Learn())
    assert "Painted" not in " ".join(status(night.request, night.situation(verified("ada"))))
    assert "secrets" not in " ".join(night.lines)
