"""What each verb does, in the words of its rule; loads the rules, so only whoever asks for help pays for it."""

from tocsin.cli.shell_words import in_shell_words
from tocsin.domain.commands import VERBS, Verb


def meaning(verb: str) -> str:
    """Return what a verb does, in one sentence."""
    return in_shell_words(_verb(verb).help)


def example(verb: str) -> str:
    """Return one way to say it, as it is typed here."""
    return in_shell_words(_verb(verb).example)


def _verb(name: str) -> Verb:
    return next(each for each in VERBS if each.name == name)
