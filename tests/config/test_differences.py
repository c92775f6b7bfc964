"""Who may say yes, to what, and by which commands never changes without a sentence."""

from pathlib import Path

import pytest

from tests.config.folders import Folder
from tocsin.config.differences import changes

WEBSITE = "targets/website.toml"
OWN = '\n[profiles.ours]\nversion = "1"\nsince = 2026-11-23\nconfirm = [{ team = "sre" }]\n'


@pytest.fixture
def own(tmp_path: Path) -> Folder:
    folder = Folder(tmp_path / "etc")
    folder.add("policies.toml", OWN)
    folder.change(WEBSITE, 'policy = "both"', 'policy = "ours"')
    return folder


@pytest.mark.parametrize(
    ("file", "old", "new", "sentences"),
    [
        ("policies.toml", "# Limits", "# The limits", []),
        (
            "directory.toml",
            '"lin" }]\nteams = ["security"]',
            '"lin" }]\nteams = ["security", "sre"]',
            ["lin joined SRE"],
        ),
        ("directory.toml", '"lin" }]\nteams = ["security"]', '"lin" }]', ["lin left Security"]),
        ("directory.toml", 'name = "SRE"', 'name = "Ops"', ["team sre: now called Ops instead of SRE"]),
        (
            "directory.toml",
            '[people.lin]\naccounts = [{ name = "lin" }]\nteams = ["security"]',
            "",
            ["lin is no longer in the directory", "lin left Security"],
        ),
        (
            "directory.toml",
            "[people.lin]",
            '[people.zoe]\naccounts = [{ name = "zoe" }]\nmay_deploy = ["website"]\n[people.lin]',
            ["zoe is new in the directory", "zoe may deploy website"],
        ),
        (
            "directory.toml",
            '"kim-releng" }]\nteams = ["release-engineering"]\nmay_deploy = ["website"]',
            '"kim-releng" }]\nteams = ["release-engineering"]',
            ["kim-releng may no longer deploy website"],
        ),
        (
            "directory.toml",
            '[{ name = "lin" }]',
            '[{ name = "lin", registration = "B" }]',
            ["lin: the account lin is pinned"],
        ),
        (
            "directory.toml",
            '[{ name = "lin" }]',
            '[{ name = "lin2" }]',
            ["lin: the account lin is gone", "lin: the account lin2 is new"],
        ),
        ("directory.toml", 'logins = ["ada"]', 'logins = ["ada", "root"]', ["ada: other unix accounts than before"]),
        (
            "directory.toml",
            'logins = ["ada"]',
            'logins = ["ada"]\nsign_in = ["a"]',
            ["ada: other sign-ins than before"],
        ),
        (
            "policies.toml",
            '[{ team = "sre" }]\n',
            '[{ team = "sre", count = 2 }]\n',
            ["policy ours: SRE asks for 2 instead of 1"],
        ),
        (
            "policies.toml",
            '[{ team = "sre" }]\n',
            '[{ team = "sre", on_call = true }]\n',
            ["policy ours: SRE counts only when on call"],
        ),
        (
            "policies.toml",
            'version = "1"\nsince = 2026-11-23\nconfirm = [{ team = "sre" }]\n',
            'version = "2"\nsince = 2026-11-24\nconfirm = [{ team = "security" }]\n',
            [
                "policy ours: Security must confirm too",
                "policy ours: SRE need no longer confirm",
                "policy ours: version 2 of 2026-11-24 instead of 1 of 2026-11-23",
            ],
        ),
        (
            "policies.toml",
            'confirm = [{ team = "sre" }]\n',
            'confirm = [{ team = "sre" }]\nfor_reason.security = [{ team = "security" }]\n'
            'in_freeze = [{ team = "security", count = 2 }]\ninformed = ["security"]\nlook = "every team"\n'
            'author_may_confirm = true\nbroken_now = true\nbanner = "Call 112."\nlimits.wake = "20 min"\n',
            [
                "policy ours: Security must confirm too for security",
                "policy ours: Security must confirm too in a freeze, 2 of them",
                "policy ours: Security is informed",
                "policy ours: an author may confirm",
                "policy ours: a window is no reason to ask back",
                "policy ours: at a checkpoint every team must look instead of requester and deployer",
                "policy ours: its banner is Call 112.",
                "policy ours: wake is 20 min instead of 15 min",
            ],
        ),
        (WEBSITE, 'policy = "ours"', 'policy = "sre"', ["target website: policy sre instead of ours"]),
        (
            WEBSITE,
            '\nchannel = "#operations"',
            '\nchannel = "#web"',
            ["target website: channel #web instead of #operations"],
        ),
        (WEBSITE, '"#operations-private"', '"#web-private"', ["target website: another private channel"]),
        (WEBSITE, 'branch = "*"', 'branch = "main"', ["target website: other changes belong to it than before"]),
        (
            WEBSITE,
            'name = "go-back"',
            'name = "back"',
            ["target website: recipe go-back is gone", "target website: recipe back is new"],
        ),
        (
            WEBSITE,
            'executor = "rehearsal" #',
            'executor = "shell" #',
            ["target website: recipe deploy: shell instead of rehearsal"],
        ),
        (
            WEBSITE,
            '["rollback"]',
            '["rollback", "fix"]',
            ["target website: recipe go-back: for fix, rollback instead of rollback"],
        ),
        (WEBSITE, 'limit = "5 min"', 'limit = "6 min"', ["target website: recipe deploy: step 2 differs"]),
        (
            WEBSITE,
            'limit = "5 min"',
            'limit = "5 min"\n[[recipe.step]]\nname = "n"\nrun = ["x"]',
            ["target website: recipe deploy: 3 steps instead of 2"],
        ),
        (
            WEBSITE,
            '"v[0-9][0-9.]{0,15}"',
            '"v[0-9]{1,9}"',
            ["target website: recipe go-back: other values than before"],
        ),
    ],
)
def test_every_difference_is_a_sentence(own: Folder, file: str, old: str, new: str, sentences: list[str]) -> None:
    before = own.load()
    own.change(file, old, new)
    after = own.load()
    assert list(changes(before, after)) == sentences
    assert changes(before, before) == ()


def test_a_new_target_is_a_sentence_and_its_end_too(own: Folder) -> None:
    before = own.load()
    own.write("targets/mobile.toml", (own.path / WEBSITE).read_text())
    own.change(
        "directory.toml",
        '"bo-sre" }]\nteams = ["sre"]\nmay_deploy = ["website"]',
        '"bo-sre" }]\nteams = ["sre"]\nmay_deploy = ["website", "mobile"]',
    )
    after = own.load()
    assert changes(before, after) == ("bo-sre may deploy mobile", "target mobile is new")
    assert changes(after, before) == ("bo-sre may no longer deploy mobile", "target mobile is gone")


REVIEWS = '[[reviews]]\nproject = "website"\nrepository = "/srv/website.git"\n'


@pytest.mark.parametrize(
    ("old", "new", "there", "back"),
    [
        (REVIEWS, "", "repository of website is gone", "repository of website is new"),
        (
            "/srv/website.git",
            "/srv/other.git",
            "repository of website: another place than before",
            "repository of website: another place than before",
        ),
        (
            'website.git"\n',
            'website.git"\nbranches = ["next", "main"]\n',
            "repository of website: branches next, main instead of main",
            "repository of website: branches main instead of next, main",
        ),
        (
            'website.git"\n',
            'website.git"\nsite = "https://reviews.example.org"\n',
            "repository of website: another site than before",
            "repository of website: another site than before",
        ),
        (
            'website.git"\n',
            'website.git"\npublic = true\n',
            "repository of website: the public may read its changes",
            "repository of website: the public may no longer read its changes",
        ),
        (
            REVIEWS,
            f"{REVIEWS}[tasks]\npublic = true\n",
            "the public may read tasks",
            "the public may no longer read tasks",
        ),
    ],
)
def test_where_changes_come_from_and_what_the_public_may_hear_of_them_never_changes_quietly(
    tmp_path: Path, old: str, new: str, there: str, back: str
) -> None:
    folder = Folder(tmp_path / "etc")
    folder.add("tocsin.toml", REVIEWS)
    before = folder.load()
    folder.change("tocsin.toml", old, new)
    after = folder.load()
    assert (changes(before, after), changes(after, before)) == ((there,), (back,))
