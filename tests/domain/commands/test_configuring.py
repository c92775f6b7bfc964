"""A changed configuration is an event, once."""

from tests.domain.installation import Installation
from tocsin.domain import events as e
from tocsin.domain.commands.configuring import NoteConfiguration

CHANGED = NoteConfiguration(("mo-sre joined SRE",), "a digest")


def test_a_changed_configuration_is_noted_and_the_same_again_is_no_news() -> None:
    house = Installation()
    assert house.says("bo-sre", CHANGED) == [e.ConfigurationChanged(("mo-sre joined SRE",), "a digest")]
    assert house.says("bo-sre", CHANGED) == []
    assert house.says("bo-sre", NoteConfiguration((), "another")) == [e.ConfigurationChanged((), "another")]
