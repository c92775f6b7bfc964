"""Pages read as a person without scripts reads them: text, markup, and forms that are filled in and sent."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

import httpx2

_VOID = frozenset({"meta", "link", "input", "br", "img", "hr"})


@dataclass
class Form:
    """One form: where it goes, what it holds already, what is to be typed, and the words on its button."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    typed: list[str] = field(default_factory=list)
    labels: set[str] = field(default_factory=set)
    inputs: list[dict[str, str]] = field(default_factory=list)
    button: str = ""
    prominent: bool = False


class Page(HTMLParser):
    """What stands on a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.ids: list[str] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(html)
        self.close()
        assert not self.open, f"never closed: {self.open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags.append((tag, given))
        self.ids += filter(None, [given.get("id", "")])
        if tag not in _VOID:
            self.open.append(tag)
        if tag == "form":
            self.forms.append(Form(given["action"], given["method"], prominent="first" in given.get("class", "")))
        elif tag == "label":
            self.forms[-1].labels.add(given["for"])
        elif tag == "input":
            self._input(given)

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open.pop() == tag, f"</{tag}> closes something else"

    def handle_data(self, data: str) -> None:
        self.text += data
        if "button" in self.open and "form" in self.open:
            self.forms[-1].button += data

    def _input(self, given: dict[str, str]) -> None:
        form = self.forms[-1]
        if given.get("type") != "checkbox" or "checked" in given:
            form.fields[given["name"]] = given.get("value", "")
        if given.get("type") != "hidden":
            form.typed.append(given["name"])
            form.inputs.append(given)

    def form(self, verb: str, **values: str) -> Form:
        """Return the form of a verb, that one which holds these values already."""
        found = [
            each for each in self.forms if each.action.endswith(f"/{verb}") and values.items() <= each.fields.items()
        ]
        assert len(found) == 1, f"{len(found)} forms for {verb}; there are {[each.action for each in self.forms]}"
        return found[0]

    @property
    def verbs(self) -> set[str]:
        """Return what can be said in this room."""
        return {each.action.rpartition("/")[2] for each in self.forms} - {"sign-out"}


async def look(browser: httpx2.AsyncClient, address: str = "/E1") -> Page:
    """Open a page."""
    answer = await browser.get(address)
    assert answer.status_code == 200, answer.text
    return Page(answer.text)


async def send(browser: httpx2.AsyncClient, form: Form, **typed: str) -> httpx2.Response:
    """Send a form as it is, with what is typed into it."""
    assert typed.keys() <= set(form.typed), f"there is nothing to type {typed} into"
    return await browser.post(form.action, data=form.fields | typed)


async def press(browser: httpx2.AsyncClient, verb: str, **typed: str) -> Page:
    """Open the room, press a button on it, and return where that leads."""
    answer = await send(browser, (await look(browser)).form(verb), **typed)
    assert answer.status_code == 303, answer.text
    return await look(browser, answer.headers["Location"])
