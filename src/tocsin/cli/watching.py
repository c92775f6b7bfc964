"""`tocsin request watch`: a request as it goes, until it is over; it says so while it does not know how things are."""

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Protocol

import click

from tocsin.cli import exits
from tocsin.cli.changes import each_second, streamed
from tocsin.cli.completing import open_requests
from tocsin.cli.interrupting import heard_at_last
from tocsin.cli.naming import server_of
from tocsin.cli.reaching import exchange
from tocsin.cli.routes import open_in, which_one
from tocsin.cli.seen import Seen
from tocsin.cli.sending import code_of, json_option, show
from tocsin.cli.shell_words import harmless, in_shell_words
from tocsin.cli.verbs import Unfit, read_id

PATIENCE_SECONDS = 5.0
PAUSE_SECONDS = 1.0
LONGEST_AWAY_SECONDS = 600.0
"""How long a server may be gone before the watch ends; an upgrade takes less."""
TRIES = 3
FIRST_LINES = 5
"""Of what happened before the watch began."""
_PASSING = frozenset({"unreachable", "unrecorded", "broken", "conflict"})


class Unanswered(Exception):
    """There was no answer that tells how it stands; `answer` says why."""

    def __init__(self, answer: dict[str, Any]) -> None:
        """Keep the answer."""
        super().__init__()
        self.answer = answer


class View(Protocol):
    """Where the watch is shown."""

    def saw(self, seen: Seen, before: Seen | None) -> None:
        """Show how it stands."""
        ...

    def lost(self, why: str) -> None:
        """Say that what is shown may be old."""
        ...

    def found(self) -> None:
        """Say that it is right again."""
        ...


def _watch(words: tuple[str, ...], as_json: bool) -> None:  # noqa: FBT001 - click's way
    """Follow a request until it is over: live in a terminal, else a line for each thing that happens."""
    ctx = click.get_current_context()
    try:
        request = read_id(words) or _only_one(ctx, as_json=as_json)
    except Unfit as unfit:
        raise click.UsageError(str(unfit)) from unfit
    try:
        with heard_at_last():
            first = look(ctx, request)
            with _shown(as_json=as_json) as view:
                code = follow(ctx, first, view)
    except Unanswered as none:
        show(none.answer, as_json=as_json)
        code = code_of(none.answer)
    except KeyboardInterrupt:
        click.echo(f"No longer watching; {request} goes on without you.", err=True)
        code = exits.INTERRUPTED
    ctx.exit(code)


WATCH = click.Command(
    "watch",
    params=[click.Argument(["words"], nargs=-1, metavar="[ID]", shell_complete=open_requests), json_option()],
    callback=_watch,
    help=_watch.__doc__,
)


def follow(ctx: click.Context, first: Seen, view: View) -> int:
    """Show every change until the request is over, and return the code; raises `Unanswered` when it cannot go on."""
    request, latest = first.request, [first]
    view.saw(first, None)
    if first.over:
        return exits.DONE
    for _ in _bells(ctx, request, lambda: latest[0].position):
        now = _look_patiently(ctx, request, view)
        view.saw(now, latest[0])
        latest[0] = now
        if now.over:
            break
    return exits.DONE


def look(ctx: click.Context, request: str) -> Seen:
    """Ask how a request stands now; raises `Unanswered`.

    It may move between two answers: its state is asked for again, until what is shown together belongs together.
    """
    status, tries = _answer(ctx, "status", request), 0
    while True:
        before, tries = status.get("status"), tries + 1
        who, timeline, status = (_answer(ctx, verb, request) for verb in ("who", "timeline", "status"))
        if status.get("status") == before or tries == TRIES:
            break
    positions = [each.get("position") for each in (who, timeline, status)]
    return Seen(
        request=str(status.get("request") or request),
        status=str(status.get("status") or ""),
        lines=_lines(status),
        who=_lines(who),
        timeline=_lines(timeline),
        # What came between two of these answers is not in all of them: it is looked at again.
        position=min((each for each in positions if isinstance(each, int)), default=0),
    )


def _look_patiently(ctx: click.Context, request: str, view: View) -> Seen:
    """Ask until there is an answer, and say so while there is none."""
    until, away = time.monotonic() + LONGEST_AWAY_SECONDS, False
    while True:
        try:
            seen = look(ctx, request)
        except Unanswered as none:
            if none.answer.get("outcome") not in _PASSING or time.monotonic() > until:
                raise
            if not away:
                view.lost(" ".join(_lines(none.answer)))
            away = True
            time.sleep(PAUSE_SECONDS)
        else:
            if away:
                view.found()
            return seen


def _answer(ctx: click.Context, verb: str, request: str) -> dict[str, Any]:
    answer = exchange(ctx, {"verb": verb, "request": request}, PATIENCE_SECONDS)
    if code_of(answer) != exits.DONE:
        raise Unanswered(answer)
    return answer


def _bells(ctx: click.Context, request: str, position: Callable[[], int]) -> Iterator[None]:
    server = server_of(ctx)
    return streamed(server, request, position) if server else each_second()


def _only_one(ctx: click.Context, *, as_json: bool) -> str:
    answer = exchange(ctx, {"verb": "list"}, PATIENCE_SECONDS)
    names = open_in(answer)
    if code_of(answer) == exits.DONE and len(names) != 1:
        answer = which_one("watch", names)
    if code_of(answer) != exits.DONE:
        show(answer, as_json=as_json)
        ctx.exit(code_of(answer))
    return names[0]


def _lines(answer: dict[str, Any]) -> tuple[str, ...]:
    return tuple(harmless(in_shell_words(str(each))) for each in answer.get("lines", []))


def _shown(*, as_json: bool) -> AbstractContextManager[View]:
    if as_json:
        return nullcontext(Objects())
    if not sys.stdout.isatty():
        return nullcontext(Plain())
    from tocsin.cli.watched import Terminal

    return Terminal()


class Plain:
    """A line for each thing that happens, and what to type when that is something else than before."""

    def __init__(self) -> None:
        """Begin with nothing said."""
        self._next = ""

    def saw(self, seen: Seen, before: Seen | None) -> None:
        """Say what happened since; at the beginning also how it stands."""
        if not seen.moved_since(before):
            return
        new = seen.timeline[len(before.timeline) :] if before else seen.timeline[-FIRST_LINES:]
        for line in (*(() if before else seen.lines), *new):
            click.echo(line)
        last = seen.lines[-1] if seen.lines else ""
        if before and last != self._next and seen.status != before.status:
            click.echo(last)
        self._next = last

    def lost(self, why: str) -> None:
        """Say it on the standard error, once."""
        click.echo(f"Not connected, what is above may be old. {why} Trying again.", err=True)

    def found(self) -> None:
        """Say it where the loss was said."""
        click.echo("Connected again.", err=True)


class Objects:
    """One JSON object a line for each change, for programs."""

    def saw(self, seen: Seen, before: Seen | None) -> None:
        """Print how it stands, with what is new in its timeline."""
        if not seen.moved_since(before):
            return
        new = list(seen.timeline[len(before.timeline) :] if before else seen.timeline)
        shown = {"request": seen.request, "status": seen.status, "lines": list(seen.lines), "who": list(seen.who)}
        self._print({**shown, "happened": new, "position": seen.position, "connected": True})

    def lost(self, why: str) -> None:
        """Print that it may be old."""
        self._print({"connected": False, "lines": [why]})

    def found(self) -> None:
        """Print that it is right again."""
        self._print({"connected": True})

    def _print(self, plain: dict[str, Any]) -> None:
        click.echo(json.dumps(plain, ensure_ascii=False))
