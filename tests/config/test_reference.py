"""No setting without a sentence, and none that the reference does not know."""

import re
from datetime import timedelta

import pytest

from tocsin.config.durations import duration, in_words
from tocsin.config.limits import LimitsTable
from tocsin.config.reference import FILES, reference
from tocsin.domain.policy import Limits


def test_every_setting_has_a_sentence_and_a_kind() -> None:
    settings = list(reference())
    assert len(settings) > 100
    for setting in settings:
        assert re.fullmatch(r"[A-Z\[].*[.]", setting.sentence), setting
        assert setting.kind, setting
    assert {setting.file for setting in settings} == set(FILES)


def test_each_key_is_there_once() -> None:
    keys = [(setting.file, setting.key) for setting in reference()]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(
    ("key", "kind", "default"),
    [
        ("site.name", "text", ""),
        ("irc.servers[].port", "whole number", "6697"),
        ("irc.servers[].tls", "true or false", "true"),
        ("irc.sasl", "plain or external", ""),
        ("profiles.NAME.for_reason.NAME[].count", "whole number", "1"),
        ("profiles.NAME.since", "date", ""),
        ("recipe[].step[].limit", "length of time", "10 min"),
        ("recipe[].remedies", "list of rollback or revert or disable or block or fix or wiki-edit", ""),
        ("limits.act_expires", "length of time", "4 h"),
    ],
)
def test_kinds_and_defaults_are_told_as_they_are_written(key: str, kind: str, default: str) -> None:
    setting = next(setting for setting in reference() if setting.key == key)
    assert (setting.kind, setting.default) == (kind, default)
    assert setting.needed is (key in ("site.name", "profiles.NAME.since", "recipe[].remedies"))


def test_the_limits_are_those_of_the_rules() -> None:
    assert LimitsTable.model_validate({}).over(Limits()) == Limits()
    assert list(LimitsTable.model_fields) == list(Limits.__slots__)
    assert {name: field.default for name, field in LimitsTable.model_fields.items()} == {
        name: getattr(Limits(), name) for name in Limits.__slots__
    }


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("15 s", timedelta(seconds=15)),
        ("15s", timedelta(seconds=15)),
        ("10 min", timedelta(minutes=10)),
        ("1 h 30 min", timedelta(minutes=90)),
        ("7 days", timedelta(days=7)),
        ("1 day", timedelta(days=1)),
    ],
)
def test_lengths_of_time_are_read_as_people_write_them(text: str, length: timedelta) -> None:
    assert duration(text) == length
    assert duration(in_words(length)) == length


@pytest.mark.parametrize(
    "text", ["", "15", "s", "1.5 h", "1 h and more", "-5 s", "400 days", "0 s", "9999999 days", 15, True]
)
def test_what_is_no_length_of_time_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match=r"length of time|negative|more than nothing"):
        duration(text)
