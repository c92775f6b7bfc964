"""A copy with some fields changed is what `replace` would have made of it."""

from dataclasses import FrozenInstanceError, fields, replace
from typing import Any

import pytest

from tests.domain.night import Night
from tocsin.domain.copying import altered
from tocsin.domain.request import Request, Status

REQUEST = Night().deploying().request


@pytest.mark.parametrize("value", [REQUEST, REQUEST.underway], ids=["a request", "a deployment"])
def test_a_copy_is_what_replace_makes_and_the_original_stays(value: Request) -> None:
    before = replace(value)
    for name in (each.name for each in fields(value)):
        change = {name: getattr(value, name)}
        assert altered(value, **change) == replace(value, **change) == before
    assert value == before


def test_a_changed_field_is_changed_in_the_copy_alone() -> None:
    paused = altered(REQUEST, status=Status.PAUSED)
    assert paused == replace(REQUEST, status=Status.PAUSED)
    assert REQUEST.status is Status.DEPLOYING
    with pytest.raises(FrozenInstanceError):
        paused.status = Status.DONE  # type: ignore[misc] # that it cannot be set is what is shown


def test_a_field_that_is_not_there_is_a_mistake_of_ours() -> None:
    misspelt: dict[str, Any] = {"statuss": Status.PAUSED}
    with pytest.raises(AssertionError, match="Request has no"):
        altered(REQUEST, **misspelt)
