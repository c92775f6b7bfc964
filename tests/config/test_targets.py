"""A recipe holds exact commands: what could become another command than the one confirmed is an error."""

from datetime import timedelta

import pytest

from tests.config.folders import Folder
from tocsin.domain.people import TargetId
from tocsin.domain.plan import (
    CommandProof,
    DeployedProof,
    ExecutorKind,
    FetchProof,
    MetricProof,
    Remedy,
    VersionProof,
    WordProof,
)

FILE = "targets/website.toml"
RECIPE = '[[recipe]]\nname = "x"\nremedies = ["fix"]\nexecutor = "shell"\n'
STEP = '[[recipe.step]]\nname = "s"\n'
RUN = 'run = ["true"]\nundo = ["false"]\n'
PROOF = "[[recipe.proof]]\nword = true\n"


def spoilt_step(line: str) -> str:
    return f"{RECIPE}{PROOF}{STEP}{line}\n"


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (
            'run = "git fetch"',
            'run is a list of arguments, such as ["git", "fetch"]: no shell splits a text, so that what is confirmed '
            "is exactly what runs.",
        ),
        ("run = []", "run is an empty list: name the program and its arguments, or leave the key out."),
        ('run = ["git", 1]', "entry 2 of run is a text in quotes, not a number."),
        (
            'run = ["{sha}"]',
            "run must begin with the program itself, written out: '{sha}' could become any program.",
        ),
        (
            'run = ["./{branch}.sh"]',
            "run must begin with the program itself, written out: './{branch}.sh' could become any program.",
        ),
        (
            'run = ["x", "--at={sha}"]',
            'run holds {sha} inside \'--at={sha}\': a place fills one whole argument, such as ["--to", "{sha}"].',
        ),
        ('run = ["x", "{shaa}"]', "Nothing fills {shaa}: did you mean sha?"),
        ('run = ["x", "a\\u202eb"]', "run holds a line break or a character that cannot be seen, in 'a\\u202eb'."),
        ('run = ["x", "a\\nb"]', "run holds a line break or a character that cannot be seen, in 'a\\nb'."),
        ('undo = "git fetch"\nrun = ["x"]', "undo is a list of arguments, such as"),
        ('undo = []\nrun = ["x"]', "undo is an empty list: name the program and its arguments, or leave the key out."),
        ('undo = ["{sha}"]\nrun = ["x"]', "undo must begin with the program itself, written out"),
        ('undo = ["x", "{wiki}"]\nrun = ["x"]', "Nothing fills {wiki}: known are branch, change, patchset, sha, task."),
        ('look = ""\nrun = ["x"]', "look is empty: write something, or leave the key out."),
        ('look = true\nrun = ["x"]', "look is a text in quotes, not true or false."),
        ('limit = "10"\nrun = ["x"]', 'limit is a length of time, such as "15 s", "10 min" or "4 h", not \'10\'.'),
        ('folder = "srv"\nrun = ["x"]', "folder must begin with /, as nobody knows where 'srv' would be."),
        (
            'folder = "/srv/{branch}"\nrun = ["x"]',
            "folder is used as it stands: places are filled in the arguments of a command only.",
        ),
        (
            'environment.SHA = "{sha}"\nrun = ["x"]',
            "SHA is used as it stands: places are filled in the arguments of a command only.",
        ),
        ('environment."A B" = "x"\nrun = ["x"]', "A B is not the name of an environment variable."),
        ('repeatable = "no"\nrun = ["x"]', "repeatable is true or false, not a text."),
        ('comand = ["x"]\nrun = ["x"]', "comand is no setting of [step]"),
    ],
)
def test_a_faulty_step_is_an_error_on_its_line(folder: Folder, line: str, sentence: str) -> None:
    at = folder.add(FILE, spoilt_step(line)) + 8
    problems = folder.problems()
    assert len(problems) == 1
    assert problems[0].startswith(f"{FILE}:{at}: {sentence}")


def test_what_git_calls_upstream_is_no_place(folder: Folder) -> None:
    folder.add(
        FILE, spoilt_step('run = ["git", "reset", "--hard", "HEAD@{upstream}"]\nundo = ["git", "reset", "@{1}"]')
    )
    assert folder.warnings() == []


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        (f"{RECIPE}{PROOF}", 0, "The recipe x has no step: write [[recipe.step]] with name and run."),
        (
            f"{RECIPE}{STEP}{RUN}",
            0,
            "The recipe x has no proof: write [[recipe.proof]] with fetch, word = true or another.",
        ),
        (
            f"{RECIPE}{PROOF}{STEP}{RUN}{STEP}{RUN}",
            11,
            "There is a step s before this one: give it another name.",
        ),
        (
            f"{RECIPE}{PROOF}{STEP}{RUN}".replace('"x"', '"deploy"'),
            1,
            "There is a recipe deploy before this one: give it another name.",
        ),
        (
            f"{RECIPE}{PROOF}{STEP}{RUN}".replace('["fix"]', '["undo"]'),
            2,
            "entry 1 of remedies: 'undo' is not one of rollback, revert, disable, block, fix, wiki-edit.",
        ),
        (
            f"{RECIPE}{PROOF}{STEP}{RUN}".replace('["fix"]', "[]"),
            2,
            "remedies is an empty list: name one at least of rollback, revert, disable, block, fix, wiki-edit.",
        ),
        (
            f"{RECIPE}{PROOF}{STEP}{RUN}".replace('"shell"', '"ssh"'),
            3,
            "executor: 'ssh' is not one of shell, rehearsal.",
        ),
        (
            f"{RECIPE}{STEP}{RUN}[[recipe.proof]]\n",
            8,
            "entry 1 of proof is one of fetch, command, deployed, version, metric, word: write a table for each.",
        ),
        (
            f'{RECIPE}{STEP}{RUN}[[recipe.proof]]\nfetch = "https://example.org/"\n',
            8,
            "entry 1 of proof with fetch says either text or absent: what the page shows, or shows no more.",
        ),
        (
            f'{RECIPE}{STEP}{RUN}[[recipe.proof]]\nword = true\ntext = "x"\n',
            8,
            "entry 1 of proof has text without fetch: they belong together.",
        ),
        (
            f'{RECIPE}{STEP}{RUN}[[recipe.proof]]\nword = true\nlimit = "1 s"\n',
            8,
            "entry 1 of proof has limit without command: they belong together.",
        ),
        (
            f'{RECIPE}{STEP}{RUN}[[recipe.proof]]\ndeployed = "https://example.org/info"\n',
            8,
            "entry 1 of proof with deployed says project: whose commit counts.",
        ),
        (
            f'{RECIPE}{STEP}{RUN}[[recipe.proof]]\nmetric = "https://example.org/"\nquery = "up"\n',
            8,
            "entry 1 of proof with metric says query, and either below or above.",
        ),
        (
            f'{RECIPE}{STEP}{RUN}[[recipe.proof]]\nmetric = "https://example.org/"\nquery = "up"\nbelow = "few"\n',
            11,
            'below is a number in quotes, such as "0.5".',
        ),
        (
            f'{RECIPE}{STEP}{RUN}[[recipe.proof]]\nversion = "https://example.org/api.php"\nshows = "{{taskk}}"\n',
            10,
            "Nothing fills {taskk}: did you mean task?",
        ),
        (
            f'{RECIPE}{STEP}{RUN}[[recipe.proof]]\ntext = "x"\nfetch = "ftp://example.org/"\n',
            10,
            "fetch is a web address that begins with https://.",
        ),
        (
            f'{RECIPE}{STEP}{RUN}[[recipe.proof]]\ntext = "x"\nfetch = "https://example.org/{{sha}}"\n',
            10,
            "fetch is used as it stands: places are filled in the arguments of a command only.",
        ),
        (
            f'{RECIPE}{STEP}{RUN}[[recipe.proof]]\nfetch = "https://example.org/"\ntext = "at {{sha}}"\n',
            10,
            "text is used as it stands: places are filled in the arguments of a command only.",
        ),
        (
            f'{RECIPE}{STEP}{RUN}[[recipe.proof]]\ntext = "x"\nfetch = "https://ada:word@example.org/"\n',
            10,
            "fetch holds a user name or a password: an address is shown to everybody.",
        ),
        (
            f'{RECIPE}{STEP}{RUN}[[recipe.proof]]\ncommand = ["see", "{{shaa}}"]\n',
            9,
            "Nothing fills {shaa}: did you mean sha?",
        ),
        (
            f'{RECIPE}{PROOF}{STEP}{RUN}[[recipe.value]]\nname = "sha"\n',
            11,
            "name is filled in by tocsin itself from what was confirmed: give the value another name.",
        ),
        (
            f'{RECIPE}{PROOF}{STEP}{RUN}[[recipe.value]]\nname = "Wiki"\n',
            11,
            "name may hold only a-z, 0-9 and _, and begins with a letter.",
        ),
        (
            f"{RECIPE}{PROOF}{STEP}{RUN}[[recipe.value]]\nname = 'w'\npattern = '.*'\n",
            12,
            "pattern lets a value begin with -, which a command takes for an option: begin it with [A-Za-z0-9].",
        ),
        (
            f"{RECIPE}{PROOF}{STEP}{RUN}[[recipe.value]]\nname = 'w'\npattern = '[a-z]*'\n",
            12,
            "pattern lets a value be empty: let it ask for one character at least.",
        ),
        (
            f"{RECIPE}{PROOF}{STEP}{RUN}[[recipe.value]]\nname = 'w'\npattern = '['\n",
            12,
            "pattern is not a regular expression: unterminated character set at position 0.",
        ),
        (
            f"{RECIPE}{PROOF}{STEP}{RUN}[[recipe.value]]\nname = 'w'\nchoices = ['a', 'b']\ndefault = 'c'\n",
            10,
            "entry 1 of value takes 'c' by its choices or default, and refuses it by its pattern or choices.",
        ),
    ],
)
def test_a_faulty_recipe_is_an_error_on_its_line(folder: Folder, text: str, line: int, sentence: str) -> None:
    at = folder.add(FILE, text) + line
    assert folder.problems() == [f"{FILE}:{at}: {sentence}"]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('policy = "both"', 'policy = "bot"', "There is no profile bot: did you mean both?"),
        (
            'channel = "#operations"',
            'channel = "#ops,#other"',
            "channel is a channel such as #operations, without spaces.",
        ),
        ('channel = "#operations"', 'channel = "ops"', "channel is a channel such as #operations, without spaces."),
        (
            'private_channel = "#operations-private"',
            'private_channel = "#Operations"',
            "private_channel is the public one: what is private needs one of its own.",
        ),
        (
            '[{ project = "website", branch = "*" }]',
            "[{ projects = 1 }]",
            "projects is no setting of [sources]: did you mean project?",
        ),
    ],
)
def test_a_faulty_target_is_an_error_on_its_line(folder: Folder, old: str, new: str, sentence: str) -> None:
    folder.change(
        FILE, f"\n{old}" if old.startswith("channel") else old, f"\n{new}" if old.startswith("channel") else new
    )
    line = folder.line(FILE, new)
    assert f"{FILE}:{line}: {sentence}" in folder.problems()


def test_a_target_without_a_private_channel_is_an_error(folder: Folder) -> None:
    folder.change(FILE, 'private_channel = "#operations-private"\n', "")
    line = folder.line(FILE, "[target]")
    sentence = "private_channel is missing: The channel for what the public may not read."
    assert folder.problems() == [f"{FILE}:{line}: {sentence}"]


def test_a_private_channel_that_is_public_elsewhere_is_an_error(folder: Folder) -> None:
    text = (folder.path / FILE).read_text().replace('"#operations"', '"#OPERATIONS-private"')
    folder.write("targets/mobile.toml", text.replace('"#operations-private"', '"#mobile-private"'))
    folder.change(
        "directory.toml", 'may_deploy = ["website"]\n\n[people.bo', 'may_deploy = ["website", "mobile"]\n\n[people.bo'
    )
    line = folder.line(FILE, "private_channel")
    sentence = "#operations-private is the public channel of mobile: name another one."
    assert folder.problems() == [f"{FILE}:{line}: {sentence}"]


def test_a_target_that_nobody_may_deploy_is_an_error(folder: Folder) -> None:
    text = (folder.path / FILE).read_text()
    folder.write("targets/mobile.toml", text)
    line = folder.line(FILE, "[target]")
    sentence = 'Nobody may deploy it: give a person in directory.toml may_deploy = ["mobile"].'
    assert folder.problems() == [f"targets/mobile.toml:{line}: {sentence}"]


def test_a_target_without_its_table_or_a_recipe_is_an_error(folder: Folder) -> None:
    folder.write(FILE, "")
    assert folder.problems() == [f"{FILE}:1: [target] is missing: a target has channel, private_channel and policy."]
    folder.write(FILE, '[target]\nchannel = "#a"\nprivate_channel = "#b"\npolicy = "both"\n')
    sentence = "The target has no recipe: without [[recipe]] nothing can be carried out here."
    assert folder.problems() == [f"{FILE}:1: {sentence}"]


def test_a_recipe_for_changes_wants_to_know_which_changes_come(folder: Folder) -> None:
    folder.change(FILE, 'sources = [{ project = "website", branch = "*" }]\n', "")
    sentence = "sources is missing: a recipe here needs a change, and no change comes to this target."
    assert folder.problems() == [f"{FILE}:{folder.line(FILE, '[target]')}: {sentence}"]


def test_a_file_whose_name_cannot_be_a_target_is_an_error(folder: Folder) -> None:
    folder.write("targets/My Site.toml", (folder.path / FILE).read_text())
    sentence = "The file's name becomes the target's: it may hold only a-z, 0-9 and -."
    assert f"targets/My Site.toml:1: {sentence}" in folder.problems()


def test_no_target_at_all_is_an_error(folder: Folder) -> None:
    (folder.path / FILE).unlink()
    assert "targets:1: There is no target: write one into a file such as targets/website.toml." in folder.problems()


def test_what_is_odd_in_a_recipe_is_a_warning(folder: Folder) -> None:
    at = folder.add(
        FILE,
        f"{RECIPE}folder = '/nowhere/at/all'\n{PROOF}[[recipe.value]]\nname = 'w'\n"
        f"{STEP}run = ['true']\n[[recipe.step]]\nname = 't'\nrun = ['x']\nundo = ['x']\n",
    )
    assert folder.warnings() == [
        f"{FILE}:{at + 4}: There is no folder /nowhere/at/all on this machine.",
        f"{FILE}:{at + 7}: No argument is {{w}}: the value changes nothing.",
        f"{FILE}:{at + 15}: The undo of t is the very command that it takes back.",
    ]


def test_a_recipe_without_any_undo_is_a_warning(folder: Folder) -> None:
    at = folder.add(FILE, spoilt_step("run = ['true']"))
    assert folder.warnings() == [f"{FILE}:{at}: No step of x has an undo: after a rollback all of it is still there."]


def test_one_faulty_recipe_hides_no_other(folder: Folder) -> None:
    first = folder.add(FILE, spoilt_step("run = 'x'"))
    second = folder.add(FILE, spoilt_step("run = ['x', '{shaa}']").replace('"x"', '"y"'))
    problems = folder.problems()
    assert [each.partition(": ")[0] for each in problems] == [f"{FILE}:{first + 8}", f"{FILE}:{second + 8}"]


def test_a_recipe_is_read_with_everything(folder: Folder) -> None:
    folder.add(
        FILE,
        f"""{RECIPE}folder = "/"
environment = {{ A = "1", B = "2" }}
[[recipe.value]]
name = "wiki"
pattern = "[a-z]+"
choices = ["enwiki", "dewiki"]
default = "enwiki"
[[recipe.step]]
name = "one"
run = ["x", "{{wiki}}", "{{sha}}"]
undo = ["y"]
look = "the page"
folder = "/tmp"
environment.B = "3"
limit = "1 min 30 s"
repeatable = true
[[recipe.step]]
name = "two"
run = ["z"]
[[recipe.proof]]
fetch = "https://example.org/"
absent = "broken"
[[recipe.proof]]
command = ["see", "{{sha}}"]
folder = "/"
limit = "5 s"
[[recipe.proof]]
deployed = "https://wiki.example.org/w/deployment-info.php"
project = "operations/config"
repository = "https://git.example.org/r/operations/config"
[[recipe.proof]]
version = "https://wiki.example.org/w/api.php"
component = "Painting"
shows = "2.1"
[[recipe.proof]]
metric = "https://prometheus.example.org"
query = "sum(errors)"
below = "0.5"
span = "5 min"
{PROOF}""",
    )
    target = folder.load().catalogue.target(TargetId("website"))
    recipe = target.recipe("x") if target else None
    assert recipe is not None
    assert (recipe.remedies, recipe.executor) == (frozenset({Remedy.FIX}), ExecutorKind.SHELL)
    one, two = recipe.steps
    assert (one.arguments, one.undo, one.look, one.folder) == (("x", "{wiki}", "{sha}"), ("y",), "the page", "/tmp")
    assert (one.environment, one.limit, one.repeatable) == ((("A", "1"), ("B", "3")), timedelta(seconds=90), True)
    assert (two.folder, two.environment, two.undo, two.repeatable) == ("/", (("A", "1"), ("B", "2")), (), False)
    assert recipe.proofs == (
        FetchProof("https://example.org/", "broken", present=False),
        CommandProof(("see", "{sha}"), "/", timedelta(seconds=5)),
        DeployedProof(
            "https://wiki.example.org/w/deployment-info.php",
            "operations/config",
            "https://git.example.org/r/operations/config",
        ),
        VersionProof("https://wiki.example.org/w/api.php", "Painting", "2.1"),
        MetricProof("https://prometheus.example.org", "sum(errors)", below="0.5", span=timedelta(minutes=5)),
        WordProof(),
    )
    assert [value.default for value in recipe.values] == ["enwiki"]
    assert recipe.plan({"sha": "8f3ac21", "change": "1234"}, {}).steps[0].arguments == ("x", "enwiki", "8f3ac21")
