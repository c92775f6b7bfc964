"""What is said to whoever asks for help: five words carry the common night, and each verb tells how it is said."""

import difflib
from collections.abc import Sequence

from tocsin.domain.commands import VERBS, Verb
from tocsin.views.lines import fitted, free

COMMON = (
    "In an emergency: !emergency <change> <task> -- what is broken. Others: !confirm E17 <check word>."
    " Then the deployer: !take E17, !go E17, and at each checkpoint: !good E17."
    " Not yet? !hold E17 <reason>. Halt: !stop"
)
QUESTIONS = {
    "status": ("[id]", "How a request stands, and what to type next.", "!status E17"),
    "list": ("", "The open requests.", "!list"),
    "who": ("[id]", "Who must confirm, who could, and who is here.", "!who E17"),
    "now": ("[target]", "The windows that are open now, or the freeze.", "!now"),
    "next": ("[target]", "The windows that open next.", "!next website"),
    "nowandnext": ("[target]", "Both.", "!nowandnext"),
    "irc": ("", "How the bot stands on IRC: where, as whom, and what is wrong.", "!irc"),
    "help": ("[verb]", "How a verb is said, and what it does.", "!help confirm"),
}
NAMES = (*(verb.name for verb in VERBS), *QUESTIONS)


def help_lines(words: str) -> list[str]:
    """Return the words of the common night and all verbs, or how the one verb that was named is said."""
    asked = words.strip().lstrip("!").partition(" ")[0].casefold()
    if not asked:
        return [COMMON, f"All: {', '.join(NAMES)}. How one of them is said: !help confirm"]
    verb = next((each for each in VERBS if each.name == asked), None)
    if verb:
        return [_verb(verb)]
    if asked in QUESTIONS:
        usage, meaning, example = QUESTIONS[asked]
        return [_said(asked, usage, meaning, example)]
    return [_unknown(asked, NAMES)]


def _verb(verb: Verb) -> str:
    typed = verb.usage if verb.name != "describe" else verb.usage.replace("<id> ", "")
    name = "E17" if verb.name == "describe" else verb.name
    return _said(name, typed, verb.help, verb.example)


def _said(name: str, usage: str, meaning: str, example: str) -> str:
    return fitted((f"!{name} {usage}".rstrip(), f" \u2014 {meaning} E.g.  {example}"))


def _unknown(asked: str, known: Sequence[str]) -> str:
    close = next(iter(difflib.get_close_matches(asked, known, 1, 0.6)), "")
    meant = f"Did you mean !help {close}? " if close else ""
    return fitted(("There is no verb ", free(f"!{asked}"), f". {meant}All verbs: !help"))
