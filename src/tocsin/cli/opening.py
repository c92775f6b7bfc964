"""`tocsin request open` and `describe`: what is wished for, by options or in the words that people use on IRC."""

import shlex
from collections.abc import Sequence
from typing import Any

import click

from tocsin.cli.completing import open_requests
from tocsin.cli.sending import expect_option, json_option, send
from tocsin.cli.verbs import Unfit, take_id

REASONS = ("security", "data", "availability", "abuse", "functionality")
REMEDIES = ("rollback", "revert", "disable", "block", "fix", "wiki-edit")
DASHES = "--"
_WIKI = ("wiki", "page", "community_told")
_TEXT, _TYPED = "tocsin.text", "tocsin.typed"


class _Wishing(click.Command):
    """A command whose words end at `--`: what stands behind it is the sentence, whatever it begins with."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Keep the sentence apart before options are looked for."""
        place = args.index(DASHES) if DASHES in args else len(args)
        ctx.meta[_TEXT] = " ".join(args[place + 1 :])
        ctx.meta[_TYPED] = shlex.join(args)
        return super().parse_args(ctx, args[:place])

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Show that a sentence may follow."""
        return [*super().collect_usage_pieces(ctx), "[-- WHY]"]


def _wish_options() -> list[click.Parameter]:
    yes_no = click.Choice(["yes", "no", "unknown"])
    return [
        click.Option(["--task"], metavar="TASK", help="The task that gives context, e.g. T1234."),
        click.Option(["--reason"], type=click.Choice(REASONS), help="One of the five reasons."),
        click.Option(["--remedy"], type=click.Choice(REMEDIES), help="What is done about it."),
        click.Option(["--why", "sentence"], metavar="TEXT", help="One sentence: what is broken, and for whom."),
        click.Option(["--why-not-rollback"], metavar="TEXT", help="One sentence, for anything but a rollback."),
        click.Option(["--going-back"], type=yes_no, help="Is it safe to go back?"),
        click.Option(["--going-back-why"], metavar="TEXT", help="A word why, where it is not."),
        click.Option(["--recipe"], metavar="NAME", help="The recipe by name; one without a change needs no more."),
        click.Option(["--value", "values"], multiple=True, metavar="NAME=VALUE", help="A value that the recipe takes."),
        click.Option(["--wiki"], metavar="NAME", help="For an edit on a wiki: which one."),
        click.Option(["--page"], metavar="TITLE", help="For an edit on a wiki: the page."),
        click.Option(["--community-told"], metavar="TEXT", help="For an edit on a wiki: was its community told?"),
        click.Option(["--few-affected"], is_flag=True, help="Only a few users, or a new feature, are touched."),
        click.Option(["--anyway"], is_flag=True, help="Although a window is open, or opens soon."),
    ]


def _open(words: tuple[str, ...], private: bool, as_json: bool, **options: Any) -> None:  # noqa: ANN401, FBT001 - click's way
    """Cry for help: open a request for a change, or by a recipe's name, in any order: 1234 T1234 data -- why."""
    ctx = click.get_current_context()
    text = ctx.meta[_TEXT]
    said = {"wish": {"named": words[0]}} if len(words) == 1 and not text else _cry(words, text)
    wish = {**said.get("wish", {}), **_wish(options)}
    own = {"wording": f"tocsin request open {ctx.meta[_TYPED]}", "channel": "", "wish": wish}
    hidden = private or said.get("private", False)
    send(ctx, {"verb": "emergency", "fields": {**said, **own, "private": hidden}}, as_json=as_json)


def _describe(words: tuple[str, ...], as_json: bool, expect: int | None, **options: Any) -> None:  # noqa: ANN401, FBT001 - click's way
    """Say what is missing, or change what was said, as on IRC: E17 data disable -- why. It voids every yes."""
    ctx = click.get_current_context()
    try:
        request, left = take_id(words)
    except Unfit as unfit:
        raise click.UsageError(str(unfit)) from unfit
    text = ctx.meta[_TEXT]
    said = _described(left, text) if left or text else {}
    fields = {**said, "wish": {**said.get("wish", {}), **_wish(options)}}
    if not fields["wish"] and len(fields) == 1:
        raise click.UsageError("Say what is to be added, e.g.  tocsin request describe E17 data disable -- 'why'")
    send(ctx, {"verb": "describe", "request": request, "fields": fields, "expect": expect}, as_json=as_json)


OPEN = _Wishing(
    "open",
    params=[
        click.Argument(["words"], nargs=-1, metavar="[CHANGE] [TASK] [REASON] [REMEDY]"),
        *_wish_options(),
        click.Option(["--private"], is_flag=True, help="Say nothing of it in public."),
        json_option(),
    ],
    callback=_open,
    help=_open.__doc__,
)
DESCRIBE = _Wishing(
    "describe",
    params=[
        click.Argument(["words"], nargs=-1, metavar="[ID] [REASON] [REMEDY]", shell_complete=open_requests),
        *_wish_options(),
        expect_option(),
        json_option(),
    ],
    callback=_describe,
    help=_describe.__doc__,
)


def _wish(options: dict[str, Any]) -> dict[str, Any]:
    """Return what the options say, and nothing of those that were left out."""
    kept = {name: value for name, value in options.items() if value and name not in ("values", *_WIKI)}
    place = {name: options[name] or "" for name in _WIKI}
    values = [_name_and_value(each) for each in options["values"]]
    return {**kept, **({"wiki": place} if any(place.values()) else {}), **({"values": values} if values else {})}


def _name_and_value(text: str) -> list[str]:
    name, equals, value = text.partition("=")
    if not name or not equals:
        raise click.BadParameter(f"{text} is not NAME=VALUE, such as wiki=enwiki.", param_hint="--value")
    return [name, value]


def _cry(words: Sequence[str], text: str) -> dict[str, Any]:
    """Read a cry in people's own words; the rules' own reader is loaded only for that."""
    if not words and not text:
        return {}
    from tocsin.irc.templates import emergency_of

    made = emergency_of(_line(words, text))
    if isinstance(made, str):
        raise click.UsageError(_here(made))
    return _plain(made)


def _described(words: Sequence[str], text: str) -> dict[str, Any]:
    from tocsin.irc.wishes import wish_of

    made = wish_of(_line(words, text))
    if isinstance(made, str):
        raise click.UsageError(_here(made))
    return _plain(made)


def _line(words: Sequence[str], text: str) -> str:
    return " ".join([*words, *([DASHES, text] if text else [])])


def _here(sentence: str) -> str:
    from tocsin.cli.shell_words import in_shell_words

    return in_shell_words(sentence)


def _plain(command: Any) -> dict[str, Any]:  # noqa: ANN401 - a command of the rules, which are not loaded here
    """Return the fields of a command that say something, as plain values."""
    from dataclasses import asdict

    fields = {name: value for name, value in asdict(command).items() if value}
    return {**fields, "wish": {name: value for name, value in fields.get("wish", {}).items() if value}}
