"""Nobody is two persons and nothing stands for two people, whatever the letters' case."""

import pytest

from tests.config.folders import Folder
from tocsin.config.pinning import pin
from tocsin.domain.errors import Refused
from tocsin.domain.people import Account, PersonId

ZOE = '[people.zoe]\naccounts = [{ name = "zoe" }]\n'


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('accounts = [{ name = "BO-SRE" }]', "The account BO-SRE is bo-sre's already"),
        ('accounts = [{ name = "zoe" }, { name = "lin" }]', "The account lin is lin's already"),
        ('nicks = ["Ada"]', "The nick Ada is ada's already"),
        ('logins = ["ada"]', "The login ada is ada's already"),
        ('emails = ["ADA@Example.org"]', "The email ADA@Example.org is ada's already"),
    ],
)
def test_what_belongs_to_two_people_is_an_error(folder: Folder, text: str, sentence: str) -> None:
    header = "[people.zoe]\n" if text.startswith("accounts") else ZOE
    line = folder.add("directory.toml", f"{header}{text}\n") + header.count("\n")
    assert folder.problems() == [f"directory.toml:{line}: {sentence}: what belongs to two people belongs to nobody."]


def test_nicks_that_a_network_holds_for_the_same_are_the_same(folder: Folder) -> None:
    folder.change("directory.toml", 'nicks = ["ada"]', 'nicks = ["ada[away]"]')
    line = folder.add("directory.toml", f'{ZOE}nicks = ["zoe", "ADA{{AWAY}}"]\n') + 2
    sentence = "The nick ADA{AWAY} is ada's already: what belongs to two people belongs to nobody."
    assert folder.problems() == [f"directory.toml:{line}: {sentence}"]


def test_one_person_may_bear_one_name_twice(folder: Folder) -> None:
    folder.add("directory.toml", f'{ZOE}nicks = ["zoe", "Zoe"]\n')
    assert folder.warnings() == []


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        (f'{ZOE}teams = ["srr"]', 2, "There is no team srr: did you mean sre?"),
        (f'{ZOE}teams = ["x"]', 2, "There is no team x: known are release-engineering, sre, security."),
        (f'{ZOE}may_deploy = ["websit"]', 2, "There is no target websit: did you mean website?"),
        (
            "[people.zoe]\naccounts = []",
            1,
            'accounts is empty: without an account nothing a person says counts, write [{ name = "..." }].',
        ),
        ("[people.zoe]\nnicks = []", 0, "accounts is missing: The services accounts on IRC"),
        ("[people.Zoe]\naccounts = []", 0, "Zoe may hold only a-z, 0-9 and -, and begins with no -."),
        ("[people.zoë]".replace("zoë", '"zoë"'), 0, "zoë may hold only a-z, 0-9 and -, and begins with no -."),
        (f"{ZOE}".replace(".zoe", ".tocsin"), 0, "tocsin is what the tool calls itself: give the person another name."),
        ('[teams."ops team"]\nname = "Ops"', 0, "ops team may hold only a-z, 0-9 and -, and begins with no -."),
        ("[teams.ops]", 0, "name is missing: The team's name as people say it."),
        (
            '[teams.ops]\nname = "O\\u200bps"',
            1,
            "name holds a line break or a character that cannot be seen: take it out.",
        ),
        (f'{ZOE}nicks = ["zoe zed"]', 2, "entry 1 of nicks is not a nick that IRC allows."),
        (f'{ZOE}nicks = ["zo\u0435"]', 2, "entry 1 of nicks is not a nick that IRC allows."),
        (f'{ZOE}emails = ["zoe"]', 2, "entry 1 of emails is an address such as ada@example.org."),
        (f'{ZOE}logins = ["Zoe Z"]', 2, "entry 1 of logins is not a unix account name (a-z, 0-9, _, . and -)."),
        (f"{ZOE}team = []", 2, "team is no setting of [zoe]: did you mean teams?"),
        (f'{ZOE}teams = "sre"', 2, "teams is a list in brackets, not a text."),
    ],
)
def test_a_faulty_entry_is_an_error_on_its_line(folder: Folder, text: str, line: int, sentence: str) -> None:
    line += folder.add("directory.toml", f"{text}\n")
    problems = [each for each in folder.problems() if each.startswith(f"directory.toml:{line}: ")]
    assert [each for each in problems if each.startswith(f"directory.toml:{line}: {sentence}")], problems


def test_one_faulty_person_hides_no_other_and_makes_nobody_seem_missing(folder: Folder) -> None:
    first = folder.add("directory.toml", '[people.zoe]\nteams = ["sre"]\n[people.yan]\naccounts = [{ name = "lin" }]\n')
    folder.change("directory.toml", '[people.mo-sre]\naccounts = [{ name = "mo-sre" }]', "[people.mo-sre]")
    problems = folder.problems()
    assert len(problems) == 3
    assert problems[1].startswith(f"directory.toml:{first - 1}: accounts is missing")
    assert problems[2] == (
        f"directory.toml:{first + 2}: The account lin is lin's already: what belongs to two people belongs to nobody."
    )


def test_an_account_that_is_not_pinned_is_a_warning_until_it_is(folder: Folder) -> None:
    line = folder.line("directory.toml", '[{ name = "lin" }]')
    warnings = {each.line: each.sentence for each in folder.load().warnings if each.file == "directory.toml"}
    assert warnings[line] == (
        "The account lin is not pinned, and a freed name can be registered by anybody: tocsin directory pin lin lin"
    )
    assert pin(folder.path, PersonId("lin"), "Lin", "AAAAAAAAB") == line
    assert line not in {each.line for each in folder.load().warnings if each.file == "directory.toml"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            '[people.zoe] # away\naccounts = [{ name = "zoe" }] # home\n',
            '[people.zoe] # away\naccounts = [{ name = "zoe", registration = "R1" }] # home\n',
        ),
        (
            "[people.zoe]\naccounts = [\n  # two\n  { name = 'yan' }, {name='zoe',registration = 'old'}]\n",
            "[people.zoe]\naccounts = [\n  # two\n  { name = 'yan' }, {name='zoe',registration = \"R1\"}]\n",
        ),
        (
            '[[people.zoe.accounts]]\nname = "zoe" # home\n\n[people.zoe]\nnicks = []\n',
            '[[people.zoe.accounts]]\nname = "zoe" # home\nregistration = "R1"\n\n[people.zoe]\nnicks = []\n',
        ),
        ('[[people.zoe.accounts]]\nname = "zoe"', '[[people.zoe.accounts]]\nname = "zoe"\nregistration = "R1"\n'),
    ],
)
def test_pinning_changes_nothing_but_the_registration(folder: Folder, before: str, after: str) -> None:
    folder.write("directory.toml", before)
    (folder.path / "directory.toml").chmod(0o640)
    pin(folder.path, PersonId("zoe"), "zoe", "R1")
    assert (folder.path / "directory.toml").read_text() == after
    assert (folder.path / "directory.toml").stat().st_mode & 0o777 == 0o640
    assert not list(folder.path.glob(".directory-*"))


@pytest.mark.parametrize(
    ("person", "account", "sentence"),
    [
        ("nobody", "lin", "There is no person nobody in directory.toml."),
        ("lin", "other", "lin has no account other in directory.toml: add it first."),
    ],
)
def test_what_is_not_there_is_not_pinned(folder: Folder, person: str, account: str, sentence: str) -> None:
    before = (folder.path / "directory.toml").read_bytes()
    with pytest.raises(Refused) as caught:
        pin(folder.path, PersonId(person), account, "R1")
    assert caught.value.reasons == (sentence,)
    assert (folder.path / "directory.toml").read_bytes() == before


def test_a_person_is_read_with_everything(folder: Folder) -> None:
    folder.add(
        "directory.toml",
        '[people.zoe]\naccounts = [{ name = "zoe", registration = "AAAAAAAAB" }, { name = "zoe-work" }]\n'
        'nicks = ["zoe_"]\nlogins = ["zz"]\nemails = ["zoe@example.org"]\nteams = ["sre"]\nmay_deploy = ["website"]\n',
    )
    zoe = folder.load().directory.person(PersonId("zoe"))
    assert zoe is not None
    assert zoe.accounts == (Account("zoe", "AAAAAAAAB"), Account("zoe-work"))
    assert (zoe.nicks, zoe.logins, zoe.emails) == (("zoe_",), ("zz",), ("zoe@example.org",))
    assert (zoe.teams, zoe.may_deploy) == (frozenset({"sre"}), frozenset({"website"}))
