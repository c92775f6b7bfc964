"""The `tocsin request` commands: each verb of the process, sent to the server as whoever the kernel says you are."""

from typing import TYPE_CHECKING

import click

from tocsin.cli.completing import open_requests
from tocsin.cli.nearest import did_you_mean
from tocsin.cli.sending import expect_option, json_option, send
from tocsin.cli.verbs import (
    ABOUT_A_TARGET,
    ABOUT_ONE,
    ALL_NAMES,
    LIKE,
    NOT_LIVE,
    OTHER_WORDS,
    QUESTIONS,
    VERBS,
    CliVerb,
    Unfit,
    read_id,
)

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


OPTIONS = {"team": "The team for which you speak.", "holder": "Whose hold it is."}


class Requests(click.Group):
    """All verbs, made from the table when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return every verb, those of the common night first."""
        return list(ALL_NAMES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of a verb, by any word for it."""
        name = OTHER_WORDS.get(cmd_name, cmd_name)
        if name == "watch":
            from tocsin.cli.watching import WATCH

            return WATCH
        if name in QUESTIONS or name == "status":
            return _Question("show" if name == "status" else name)
        if found := next((verb for verb in (*VERBS, NOT_LIVE) if verb.name == name), None):
            return _Verb(found)
        return _help if name == "help" else _wishing(name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Name the nearest verb when there is none of this name: an act is never guessed."""
        if self.get_command(ctx, args[0]) is None:
            meant = LIKE.get(args[0].casefold(), args[0])
            near = did_you_mean(meant, ("status", *ALL_NAMES), "tocsin request ")
            ctx.fail(f"There is no verb {args[0][:40]}. {near or 'All verbs: tocsin request --help'}")
        return super().resolve_command(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> "list[CompletionItem]":
        """Complete the verbs without loading what they mean."""
        from click.shell_completion import CompletionItem

        return [CompletionItem(name) for name in ALL_NAMES if name.startswith(incomplete)]


def _wishing(name: str) -> click.Command | None:
    if name not in ("open", "describe"):
        return None
    from tocsin.cli.opening import DESCRIBE, OPEN

    return OPEN if name == "open" else DESCRIBE


class _Verb(click.Command):
    """One verb; its help is the docstring of the rule, loaded only when somebody asks for help."""

    def __init__(self, verb: CliVerb) -> None:
        words = click.Argument(["words"], nargs=-1, metavar=verb.usage, shell_complete=open_requests)
        options = [click.Option([f"--{name}"], metavar="NAME", help=OPTIONS[name]) for name in verb.options]
        expecting = [expect_option()] if verb.of_request else []
        super().__init__(verb.name, params=[words, *options, *expecting, json_option()], callback=self._act)
        self._verb = verb

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what the verb does, with the rule's own example."""
        from tocsin.cli.meanings import example, meaning

        self.help = meaning(self._verb.said_as)
        self.epilog = f"For example: {example(self._verb.said_as)}"
        super().format_help_text(ctx, formatter)

    def get_short_help_str(self, limit: int = 45) -> str:
        """Return what the verb does, in one sentence."""
        from tocsin.cli.meanings import meaning

        return meaning(self._verb.said_as)

    def _act(self, words: tuple[str, ...], as_json: bool, expect: int | None = None, **options: str | None) -> None:  # noqa: FBT001 - click's way
        try:
            request, fields = self._verb.read(words)
            given = {name: value for name, value in options.items() if value is not None}
            asking = {"verb": self._verb.said_as, "request": request, "fields": {**fields, **given}, "expect": expect}
        except Unfit as unfit:
            raise click.UsageError(str(unfit)) from unfit
        send(click.get_current_context(), asking, as_json=as_json)


class _Question(click.Command):
    """One question; it changes nothing."""

    def __init__(self, name: str) -> None:
        words = click.Argument(["words"], nargs=-1, metavar="[ID]", shell_complete=open_requests)
        target = click.Argument(["target"], required=False, metavar="[TARGET]")
        about = [words] if name in ABOUT_ONE else [target] if name in ABOUT_A_TARGET else []
        params = [*about, json_option()]
        super().__init__(name, params=params, callback=self._ask, help=QUESTIONS[name])

    def _ask(self, as_json: bool, words: tuple[str, ...] = (), target: str | None = None) -> None:  # noqa: FBT001 - click's way
        try:
            verb = "status" if self.name == "show" else self.name
            asking = {"verb": verb, "request": read_id(words)} | ({"words": target} if target else {})
        except Unfit as unfit:
            raise click.UsageError(str(unfit)) from unfit
        send(click.get_current_context(), asking, as_json=as_json)


@click.group("request", cls=Requests)
def request() -> None:
    """Everything that can be said of a request, as on IRC."""


@click.command("help")
@click.argument("verb", required=False, default="")
@click.pass_context
def _help(ctx: click.Context, /, verb: str) -> None:
    """What can be said, or what one verb does."""
    group = ctx.parent
    assert group is not None and isinstance(group.command, Requests), "help is a verb among the others"
    if not verb:
        click.echo(group.get_help())
        return
    _, command, _ = group.command.resolve_command(group, [verb])
    assert command is not None, "it was resolved"
    click.echo(command.get_help(click.Context(command, group, verb)))
