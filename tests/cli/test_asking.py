"""Every verb of the process from a shell, to a real server, as whom the kernel names."""

import json

import pytest

from tests.cli.running import Ended, run, run_aside
from tests.local.office import LOGIN, Office
from tests.service.world import E1
from tocsin.cli import exits
from tocsin.domain.request import Status
from tocsin.local.messages import LONGEST_LINE

CRY = ("1234", "--task", "T1234", "--reason", "data", "--remedy", "disable", "--why", "pages are corrupted")
ANSWERS = ("--why-not-rollback", "it would lose today's paints", "--going-back", "yes")


class Shell:
    """Somebody at a shell; who that is may change."""

    def __init__(self, office: Office) -> None:
        self._office = office

    async def types(self, *words: str, person: str = "") -> Ended:
        if person:
            self._office.becomes(person)
        return await run_aside("request", *words, socket=self._office.path)


@pytest.fixture
def shell(office: Office) -> Shell:
    return Shell(office)


async def test_a_whole_night_can_be_typed_into_a_shell(shell: Shell, office: Office) -> None:
    opened = await shell.types("open", *CRY, *ANSWERS)
    assert (opened.code, opened.err) == (exits.DONE, "")
    assert opened.out.startswith("E1 for ada: 1234/3")
    assert f"tocsin request confirm E1 {office.word}" in opened.out
    assert (await shell.types("confirm", "e1", office.word, person="bo-sre")).code == exits.DONE
    assert (await shell.types("confirm", office.word, person="kim-releng")).code == exits.DONE
    office.world.later(15)
    assert (await shell.types("take", "E1")).code == exits.DONE
    assert (await shell.types("go")).code == exits.DONE
    assert (await shell.types("stop", "errors", person="bo-sre")).code == exits.DONE
    assert office.request.status is Status.PAUSED


async def test_the_words_of_irc_can_be_typed_into_a_shell(shell: Shell, office: Office) -> None:
    opened = await shell.types("open", "1234", "T1234", "private", "--", "pages are corrupted")
    assert opened.code == exits.DONE, opened
    assert office.request.private
    assert office.request.wish.sentence == "pages are corrupted"
    told = await shell.types(
        "describe", "E1", "data", "disable", "--", "more every minute; rollback loses paints; going back is safe"
    )
    assert told.code == exits.DONE, told
    wish = office.request.wish
    assert (wish.reason, wish.remedy, wish.task) == ("data", "disable", "T1234")
    assert (wish.sentence, wish.why_not_rollback, wish.going_back) == (
        "more every minute",
        "rollback loses paints",
        "yes",
    )


async def test_several_changes_are_answered_with_what_to_do_and_nothing_opens(shell: Shell, office: Office) -> None:
    told = await shell.types("open", "1234", "1235", "1236", "--", "they are all broken")
    assert told.code == exits.USAGE, told
    assert "That names 3 changes, and a request is for one: ask for each by itself" in told.err


async def test_the_task_alone_is_answered_in_the_words_of_this_command_line(shell: Shell, office: Office) -> None:
    told = await shell.types("open", "T99", "data", "--", "it is broken")
    assert told.code == exits.USAGE, told
    assert "T99 is a task. For which change? Say e.g.  tocsin request open 1234 T99 data -- " in told.err


async def test_the_cry_is_kept_as_it_was_typed(shell: Shell, office: Office) -> None:
    await shell.types("open", "1234", "--why", "it's broken")
    assert office.request.wording == """tocsin request open 1234 --why 'it'"'"'s broken'"""


async def test_every_option_of_a_wish_arrives(shell: Shell, office: Office) -> None:
    await shell.types("open", "1234")
    answer = await shell.types(
        "describe", "--reason", "functionality", "--remedy", "wiki-edit", "--why", "w", "--why-not-rollback", "n",
        "--going-back", "unknown", "--going-back-why", "jobs", "--task", "T5", "--wiki", "testwiki", "--page", "Main",
        "--community-told", "yes", "--few-affected", "--anyway", "--recipe", "config",
    )  # fmt: skip
    assert answer.code == exits.DONE, answer
    wish = office.request.wish
    assert (wish.reason, wish.remedy, wish.sentence) == ("functionality", "wiki-edit", "w")
    assert (wish.why_not_rollback, wish.going_back, wish.going_back_why) == ("n", "unknown", "jobs")
    assert (wish.task, wish.recipe, wish.few_affected, wish.anyway) == ("T5", "config", True, True)
    assert wish.wiki is not None
    assert (wish.wiki.wiki, wish.wiki.page, wish.wiki.community_told) == ("testwiki", "Main", "yes")


async def test_refusals_are_one_reason_a_line_and_say_what_to_type_here(shell: Shell, office: Office) -> None:
    await office.asks()
    ended = await shell.types("confirm", "E1", "wrong-word", person="ada")
    assert (ended.code, ended.out) == (exits.REFUSED, "")
    assert len(ended.err.splitlines()) > 1
    assert "!" not in ended.err
    assert "tocsin request" in ended.err


async def test_somebody_unknown_is_told_how_to_become_known(shell: Shell, office: Office) -> None:
    await office.asks()
    ended = await shell.types("hold", "wait", person="nobody")
    assert ended.code == exits.REFUSED
    assert ended.err.splitlines()[0] == (
        f"The directory has nobody with the login {LOGIN}; an administrator can add it to logins."
    )


async def test_an_unknown_request_has_a_code_of_its_own(shell: Shell) -> None:
    ended = await shell.types("go", "E99")
    assert ended.code == exits.UNKNOWN
    assert ended.err == "There is no request E99. Open ones: tocsin request list\n"


async def test_what_cannot_be_recorded_has_a_code_of_its_own(shell: Shell, office: Office) -> None:
    await office.asks()
    office.store.unavailable = "the disk is full"
    ended = await shell.types("note", "hm")
    assert ended.code == exits.UNRECORDED
    assert ended.err == "Nothing was done: the record cannot be written (the disk is full).\n"


async def test_json_holds_the_outcome_the_lines_and_the_state(shell: Shell, office: Office) -> None:
    await office.asks()
    ended = await shell.types("note", "--json", "E1", "hm")
    answer = json.loads(ended.out)
    assert (ended.code, answer["outcome"], answer["request"], answer["status"]) == (0, "done", "E1", "confirming")
    refused = await shell.types("go", "--json", person="lin")
    assert (refused.code, json.loads(refused.out)["outcome"]) == (exits.REFUSED, "refused")


@pytest.mark.parametrize("question", ["list", "show", "status", "who", "timeline", "report", "now", "next", "irc"])
async def test_every_question_is_answered(shell: Shell, office: Office, question: str) -> None:
    await office.asks()
    ended = await shell.types(question)
    assert (ended.code, ended.err) == (exits.DONE, "")
    assert ended.out


async def test_a_question_names_its_request_in_any_case(shell: Shell, office: Office) -> None:
    await office.asks()
    assert (await shell.types("show", "e1")).out.startswith("E1")
    assert (await shell.types("show", "E9")).code == exits.UNKNOWN


async def test_people_hear_a_private_request_only_when_they_have_a_part_in_it(shell: Shell, office: Office) -> None:
    await office.asks()
    await shell.types("private", person="ada")
    assert "caching" in (await shell.types("show", person="bo-sre")).out
    assert "caching" not in (await shell.types("show", "E1", person="lin")).out


async def test_a_line_break_in_a_text_is_refused(shell: Shell, office: Office) -> None:
    await office.asks()
    ended = await shell.types("note", "E1", "two\nlines")
    assert ended.code == exits.USAGE
    assert ended.err == "note: text holds a line break or control character; say it on one line, without.\n"


async def test_a_text_too_long_for_people_is_refused(shell: Shell, office: Office) -> None:
    await office.asks()
    ended = await shell.types("note", "E1", "x" * 3000)
    assert (ended.code, ended.err) == (
        exits.USAGE,
        "note: text has 3000 characters; say it in at most 2000.\n",
    )
    assert (await shell.types("note", "E1", "x" * LONGEST_LINE)).code == exits.USAGE


async def test_lift_and_confirm_take_names_as_options_too(shell: Shell, office: Office) -> None:
    await office.asks()
    await shell.types("hold", "wait", person="bo-sre")
    lifted = await shell.types("lift", "--holder", "bo-sre", "it is watched", person="mo-sre")
    assert lifted.code == exits.DONE
    assert office.request.holds == ()
    assert (await shell.types("confirm", office.word, "--team", "SRE", person="mo-sre")).code == exits.DONE
    assert (await shell.types("live", E1, "perhaps")).code == exits.USAGE


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("confrim", "E17"), "There is no verb confrim. Did you mean: tocsin request confirm"),
        (("roll-back", "E17"), "There is no verb roll-back. Did you mean: tocsin request rollback"),
        (("approve", "E17"), "There is no verb approve. Did you mean: tocsin request confirm"),
        (("xyzzy",), "There is no verb xyzzy. All verbs: tocsin request --help"),
        (("go", "17"), "17 is not the id of a request: ids look like E17."),
        (("go", "E17", "E18"), "One request at a time: E17 or E18?"),
        (("show", "E17", "E18"), "One request at a time: E17 or E18?"),
        (("open", "1234", "--value", "x"), "Invalid value for --value: x is not NAME=VALUE, such as wiki=enwiki."),
        (("describe", "E17"), "Say what is to be added, e.g.  tocsin request describe E17 data disable -- 'why'"),
        (("describe", "17", "data"), "17 is not the id of a request: ids look like E17."),
        (("help", "xyzzy"), "There is no verb xyzzy. All verbs: tocsin request --help"),
    ],
)
def test_what_cannot_be_meant_is_never_sent(words: tuple[str, ...], sentence: str) -> None:
    ended = run("request", *words)
    assert ended.code == exits.USAGE
    assert ended.error == f"Error: {sentence}"


@pytest.mark.parametrize("words", [("confirm", "--help"), ("help", "confirm")])
def test_the_help_of_a_verb_is_the_docstring_of_its_rule(words: tuple[str, ...]) -> None:
    ended = run("request", *words)
    assert ended.code == exits.DONE
    assert "Confirm a request, with the check word that you were shown" in " ".join(ended.out.split())
    assert "tocsin request confirm E17 plum-otter" in ended.out


@pytest.mark.parametrize("words", [("--help",), ("help",)])
def test_all_verbs_are_listed_with_what_they_do(words: tuple[str, ...]) -> None:
    out = " ".join(run("request", *words).out.split())
    assert "go Start the deployment, after everything was checked again from scratch." in out
    assert "show How a request stands, and what to do next" in out
    assert "open Cry for help" in out
