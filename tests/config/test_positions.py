"""Every key of a TOML file is found on the line where a person would look for it."""

import string
import tomllib
from collections.abc import Iterator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tocsin.config.positions import Path, positions

names = st.one_of(
    st.text(string.ascii_letters + string.digits + "_-", min_size=1, max_size=6),
    st.sampled_from(["", "a.b", "#", "=", "[x]", "ä ö", '"', "'", "\\", "two\nlines", "tab\t"]),
)
texts = st.text(st.sampled_from("ab \n\t\"'\\#=[]{},.é"), max_size=12)
plain = st.one_of(texts, st.integers(-9, 99), st.booleans(), st.datetimes(), st.dates(), st.floats(allow_nan=False))
trees = st.recursive(
    plain, lambda more: st.one_of(st.lists(more, max_size=3), st.dictionaries(names, more, max_size=3)), max_leaves=12
)
documents = st.dictionaries(names, trees, max_size=5)


class Writer:
    """Writes a tree as TOML in a manner drawn at random, and keeps the line of every leaf as it goes."""

    def __init__(self, draw: st.DataObject) -> None:
        self.draw = draw
        self.text = ""
        self.lines: dict[Path, int] = {}

    def table(self, path: Path, tree: dict[str, Any], header: str) -> None:
        below = {name: each for name, each in tree.items() if self._goes_below(each)}
        for name, each in tree.items():
            if name not in below:
                self._noise()
                self._assign((*path, name), [self._name(name)], each)
        for name, each in below.items():
            dotted = f"{header}.{self._name(name)}" if header else self._name(name)
            self._headed((*path, name), each, dotted)

    def _headed(self, path: Path, tree: dict[str, Any] | list[dict[str, Any]], dotted: str) -> None:
        for number, each in enumerate(tree) if isinstance(tree, list) else [(None, tree)]:
            self._noise()
            here = path if number is None else (*path, number)
            self.lines[here] = self._line
            self.text += f"[{dotted}]\n" if number is None else f"[[{dotted}]]\n"
            self.table(here, each, dotted)

    def _assign(self, path: Path, key: list[str], tree: object) -> None:
        if isinstance(tree, dict) and tree and self._heads():
            for name, each in tree.items():
                self._assign((*path, name), [*key, self._name(name)], each)
            return
        self.lines[path] = self._line
        self.text += f"{'.'.join(key)} = "
        self._value(path, tree)
        self.text += self.draw.draw(st.sampled_from(["\n", " # a = 1 ]\n", "\r\n"]))

    def _value(self, path: Path, tree: object) -> None:
        if isinstance(tree, dict):
            self._inline(path, tree)
        elif isinstance(tree, list):
            self._array(path, tree)
        elif isinstance(tree, bool):
            self.text += str(tree).lower()
        elif isinstance(tree, str):
            self.text += self._quoted(tree)
        else:
            self.text += str(tree)

    def _inline(self, path: Path, tree: dict[str, Any]) -> None:
        self.text += "{"
        for number, (name, each) in enumerate(tree.items()):
            self.text += ", " if number else " "
            self.lines[(*path, name)] = self._line
            self.text += f"{self._name(name)} = "
            self._value((*path, name), each)
        self.text += "}"

    def _array(self, path: Path, tree: list[Any]) -> None:
        self.text += "["
        for number, each in enumerate(tree):
            self.text += self.draw.draw(st.sampled_from(["", " ", "\n  ", " # it's ] here\n"]))
            self.lines[(*path, number)] = self._line
            self._value((*path, number), each)
            self.text += self.draw.draw(st.sampled_from([",", " ,", "\n,"]))
        self.text += "]"

    def _goes_below(self, tree: object) -> bool:
        headed = tree and all(isinstance(each, dict) for each in tree) if isinstance(tree, list) else False
        return bool(headed or isinstance(tree, dict)) and self._heads()

    def _heads(self) -> bool:
        return self.draw.draw(st.booleans())

    def _noise(self) -> None:
        self.text += self.draw.draw(st.sampled_from(["", "\n", "# [not.a.table]\n", "  \n\n"]))

    @property
    def _line(self) -> int:
        return self.text.count("\n") + 1

    def _name(self, name: str) -> str:
        bare = name and all(each in string.ascii_letters + string.digits + "_-" for each in name)
        return name if bare and self.draw.draw(st.booleans()) else _escaped(name)

    def _quoted(self, text: str) -> str:
        manner = self.draw.draw(st.sampled_from(["basic", "literal", "long", "long literal"]))
        if manner == "literal" and not set("'\n\t") & set(text):
            return f"'{text}'"
        if manner == "long":
            body = text.replace("\\", "\\\\").replace('"""', '\\"""')
            return f'"""\n{body}"""'
        if manner == "long literal" and "'''" not in text:
            return f"'''\n{text}'''"
        return _escaped(text)


@given(documents, st.data())
def test_the_keys_found_are_those_that_the_parser_finds_each_on_its_line(
    tree: dict[str, Any], draw: st.DataObject
) -> None:
    writer = Writer(draw)
    writer.table((), tree, "")
    found = positions(writer.text)
    assert set(found.lines) == set(_paths(tomllib.loads(writer.text)))
    assert {path: found.lines[path] for path in writer.lines} == writer.lines


def test_a_missing_key_is_reported_where_its_table_begins() -> None:
    found = positions("top = 1\n\n[people.ada]\nnicks = []\n\n[people]\n")
    assert found.line(("people", "ada", "accounts")) == 3
    assert found.line(("people", "lin")) == 6
    assert found.line(("targets",)) == 1


def test_a_header_below_an_array_of_tables_means_its_newest_table() -> None:
    found = positions('[[recipe]]\n[[recipe.step]]\n[[recipe]]\n[recipe.extra]\nx = 1\n[[recipe.step]]\n"a b".c = 2\n')
    assert found.line(("recipe", 0, "step", 0)) == 2
    assert found.line(("recipe", 1, "extra", "x")) == 5
    assert found.line(("recipe", 1, "step", 0, "a b", "c")) == 7


def test_quotes_before_the_end_of_a_long_text_belong_to_it() -> None:
    found = positions('a = \'\'\'x\'\'\'\'\'\nb = """y\\""""""\nc = 3\n')
    assert found.lines == {("a",): 1, ("b",): 2, ("c",): 3}


def _paths(tree: object, path: Path = ()) -> Iterator[Path]:
    inside = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for name, each in inside:
        yield (*path, name)
        yield from _paths(each, (*path, name))


def _escaped(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t") + '"'
