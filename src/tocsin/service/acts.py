"""Acts made of the fields that a client sent, each read by the type that its command gives it; rules are elsewhere."""

import types
import unicodedata
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass, replace
from enum import StrEnum
from typing import Any, NewType, Union, get_args, get_origin, get_type_hints

from tocsin.domain.commands import VERBS, Command, Lift
from tocsin.domain.commands.opening import LONGEST_WORDING
from tocsin.domain.errors import Malformed
from tocsin.domain.people import Directory, PersonId, TeamId

LONGEST_LIST = 50
"""Values that one recipe may be given."""
_UNSEEN = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Categories of characters that would break a line in two, or that no line can hold."""


def command(verb: str, given: Mapping[str, Any], directory: Directory) -> Command:
    """Return the command that a verb and its fields make; raises `Malformed` naming the field."""
    meaning = next((each.meaning for each in VERBS if each.name == verb), None)
    if meaning is None:
        raise Malformed(f"There is no verb {verb[:40]}. All verbs: !help")
    reading = _Reading(directory)
    made: Command = reading.made(meaning, given, verb)
    return reading.with_holder(made) if isinstance(made, Lift) else made


@dataclass(frozen=True, slots=True)
class _Reading:
    """Reads plain JSON values; people and teams are found by every name that the directory has for them."""

    directory: Directory

    def made(self, meaning: type, given: Mapping[str, Any], place: str) -> Any:  # noqa: ANN401 - whichever command
        hints, known = get_type_hints(meaning), {each.name: each for each in fields(meaning)}
        if (strange := next(iter(given.keys() - known.keys()), None)) is not None:
            raise Malformed(f"{place} takes no {strange[:40]}.")
        if missing := [name for name, each in known.items() if name not in given and _is_needed(each)]:
            raise Malformed(f"{place} needs {' and '.join(missing)}.")
        return meaning(**{name: self._value(hints[name], value, f"{place}: {name}") for name, value in given.items()})

    def with_holder(self, lift: Lift) -> Lift:
        """Read `lift E17 kim-releng they left`: a first word that names a person is whose hold it is."""
        first, _, rest = lift.reason.partition(" ")
        whose = self._find_person(first)
        why = rest.strip().removeprefix("--").strip()
        return replace(lift, holder=whose, reason=why) if whose and lift.holder is None else lift

    def _value(self, hint: Any, given: object, place: str) -> Any:  # noqa: ANN401 - types and what is of them
        if get_origin(hint) in (Union, types.UnionType):
            inner = next(each for each in get_args(hint) if each is not type(None))
            return None if given is None else self._value(inner, given, place)
        if hint is PersonId:
            return self._person(_text(given, place))
        if hint is TeamId:
            return self._team(_text(given, place))
        if get_origin(hint) is tuple:
            return self._tuple(get_args(hint), given, place)
        plain: Any = hint.__supertype__ if isinstance(hint, NewType) else hint
        return self._plain(plain, given, place)

    def _plain(self, hint: type, given: object, place: str) -> Any:  # noqa: ANN401 - of the type that is the hint
        if hint is str:
            return _text(given, place)
        if hint is bool:
            return _truth(given, place)
        if issubclass(hint, StrEnum):
            return _choice(hint, given, place)
        assert is_dataclass(hint), f"{place} is of a kind that commands do not have"
        if not isinstance(given, dict):
            raise Malformed(f"{place} is an object.")
        return self.made(hint, given, place)

    def _tuple(self, inner: tuple[Any, ...], given: object, place: str) -> tuple[Any, ...]:
        if not isinstance(given, list) or len(given) > LONGEST_LIST:
            raise Malformed(f"{place} is a list of at most {LONGEST_LIST}.")
        if inner[-1] is Ellipsis:
            return tuple(self._value(inner[0], each, place) for each in given)
        if len(given) != len(inner):
            raise Malformed(f"{place} has {len(inner)} parts each.")
        return tuple(self._value(hint, each, place) for hint, each in zip(inner, given, strict=True))

    def _person(self, name: str) -> PersonId:
        found = self._find_person(name)
        if found is None:
            raise Malformed(
                f"The directory knows nobody named {name[:40] or 'that'}; say a nick or name as it has them."
            )
        return found

    def _find_person(self, name: str) -> PersonId | None:
        wanted = name.casefold()
        names = ((each, person.id) for person in self.directory.people for each in (person.id, *person.nicks))
        return next((person for each, person in names if each.casefold() == wanted), None)

    def _team(self, name: str) -> TeamId:
        wanted = name.casefold()
        for team in self.directory.teams:
            if wanted in (team.id.casefold(), team.name.casefold()):
                return team.id
        raise Malformed(f"Which team? There are {', '.join(sorted(team.id for team in self.directory.teams))}.")


def _is_needed(field: Field[Any]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _text(given: object, place: str) -> str:
    if not isinstance(given, str):
        raise Malformed(f"{place} is a text.")
    if len(given) > LONGEST_WORDING:
        raise Malformed(f"{place} has {len(given)} characters; say it in at most {LONGEST_WORDING}.")
    if any(unicodedata.category(each) in _UNSEEN for each in given):
        raise Malformed(f"{place} holds a line break or control character; say it on one line, without.")
    return given.strip()


def _truth(given: object, place: str) -> bool:
    if not isinstance(given, bool):
        raise Malformed(f"{place} is true or false.")
    return given


def _choice(kind: type[StrEnum], given: object, place: str) -> StrEnum:
    found = next((each for each in kind if each == given), None)
    if found is None:
        raise Malformed(f"{place} is one of {', '.join(kind)}.")
    return found
