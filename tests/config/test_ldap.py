"""Teams with a group in LDAP: asked over TLS, never reported as too small, and every mistake told on its line."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.config.folders import Folder
from tocsin.config.differences import changes
from tocsin.demo.irc_server.certificate import self_signed
from tocsin.domain.people import TeamId
from tocsin.neighbours.ldap.settings import LdapSettings

FILE = "directory.toml"
SRE = 'name = "SRE"\n'
GROUP = "cn=oncall,ou=groups,dc=example,dc=org"
TABLE = '\n[ldap]\naddress = "ldaps://ldap.example.net"\nuser_base = "ou=people,dc=example,dc=org"\n'
READ = LdapSettings("ldaps://ldap.example.net", "ou=people,dc=example,dc=org", {TeamId("sre"): GROUP})


@pytest.fixture
def asked(tmp_path: Path) -> Folder:
    folder = Folder(tmp_path / "etc")
    folder.change(FILE, SRE, f'{SRE}ldap_group = "{GROUP}"\n')
    return folder


def test_a_server_needs_no_more_than_its_address_and_where_people_are(asked: Folder) -> None:
    asked.add(FILE, TABLE)
    loaded = asked.load()
    assert loaded.ldap == READ
    assert [team.id for team in loaded.directory.teams if team.elsewhere] == ["sre"]
    assert READ.system == "LDAP at ldap.example.net"


def test_a_server_is_read_with_everything(asked: Folder) -> None:
    asked.write("ca.pem", self_signed().certificate_pem)
    asked.write("ldap-password", "open-sesame\n")
    asked.add(
        FILE,
        f'{TABLE.replace("ldaps:", "ldap:")}start_tls = true\nca_file = "ca.pem"\nname_attribute = "cn"\n'
        'bind_dn = "cn=tocsin,dc=example,dc=org"\npassword_file = "ldap-password"\nevery = "2 min"\nkeep = "12 h"\n',
    )
    read = asked.load().ldap
    assert read == LdapSettings(
        address="ldap://ldap.example.net",
        user_base="ou=people,dc=example,dc=org",
        groups={TeamId("sre"): GROUP},
        start_tls=True,
        ca_file=str(asked.path / "ca.pem"),
        bind_dn="cn=tocsin,dc=example,dc=org",
        password="open-sesame",
        name_attribute="cn",
        every=timedelta(minutes=2),
        keep=timedelta(hours=12),
    )
    assert "open-sesame" not in repr(read)


def test_on_this_machine_plain_text_will_do(asked: Folder) -> None:
    asked.add(FILE, TABLE.replace("ldaps://ldap.example.net", "ldap://127.0.0.1:3890"))
    read = asked.load().ldap
    assert read is not None
    assert read.address == "ldap://127.0.0.1:3890"


def test_without_a_server_nothing_is_asked(asked: Folder) -> None:
    line = asked.line(FILE, f'ldap_group = "{GROUP}')
    assert asked.problems() == [f"{FILE}:{line}: No LDAP is asked: write [ldap] too, with address and user_base."]
    asked.change(FILE, f'ldap_group = "{GROUP}"\n', "")
    line = asked.add(FILE, TABLE) + 1
    assert asked.warnings() == [f"{FILE}:{line}: No team has an ldap_group, so that nothing is asked."]


@pytest.mark.parametrize(
    ("old", "new", "at", "sentence"),
    [
        ("ldaps:", "ldap:", "address", "The server is on another machine: ask it by ldaps://, or with start_tls"),
        ("ldaps:", "https:", "address", "address is an address such as ldaps://ldap.example.org."),
        ('.net"\nuser', '.net:99999"\nuser', "address", "address is an address such as ldaps://ldap.example.org."),
        ('.net"\nuser', '.net/dc=org"\nuser', "address", "address ends with the host or its port"),
        ("ou=people,", "ou=people;", "user_base", "user_base is a distinguished name such as cn=ops"),
        ("user_base", "user_bass", "user_bass", "did you mean user_base?"),
        ("\nuser", "\nstart_tls = true\nuser", "start_tls", "ldaps:// is TLS from the start: take start_tls out."),
        ("\nuser", '\nbind_dn = "cn=x"\nuser', "bind_dn", "The sign-in needs password_file too"),
        ("\nuser", '\npassword_file = "x"\nuser', "password_file", "The sign-in needs bind_dn too"),
        ("\nuser", '\npassword = "x"\nuser', "password =", "a secret never stands here"),
        ("\nuser", '\nca_file = "x.pem"\nuser', "ca_file", "There is no file x.pem"),
        ("\nuser", '\nca_file = "tocsin.toml"\nuser', "ca_file", "tocsin.toml holds no certificate in PEM"),
        ("\nuser", '\nname_attribute = "(uid"\nuser', "name_attribute", "is the name of an attribute, such as uid"),
        ("\nuser", '\nevery = "2 s"\nuser', "every", "every is from 10 s to 1 h, not 2 s."),
        ("\nuser", '\nevery = "2 min"\nkeep = "1 min"\nuser', "keep", "keep is shorter than every (2 min)"),
    ],
)
def test_a_faulty_server_is_an_error_on_its_line(asked: Folder, old: str, new: str, at: str, sentence: str) -> None:
    before = (asked.path / FILE).read_text()
    asked.add(FILE, TABLE.replace(old, new))
    line = before.count("\n") + TABLE.replace(old, new).partition(f"\n{at}")[0].count("\n") + 2
    told = [each for each in asked.problems() if sentence in each]
    assert [each.split(":")[1] for each in told] == [str(line)], asked.problems()


def test_a_group_that_is_no_name_is_an_error_on_its_line(asked: Folder) -> None:
    line = asked.line(FILE, f'ldap_group = "{GROUP}')
    asked.change(FILE, GROUP, "ops")
    asked.add(FILE, TABLE)
    assert f"{FILE}:{line}: ldap_group is a distinguished name such as" in asked.problems()[0]


def test_a_team_with_a_group_is_not_too_small_for_its_policy(asked: Folder) -> None:
    text = (asked.path / FILE).read_text()
    asked.write(FILE, text.replace('teams = ["sre"]', "teams = []"))
    asked.add(FILE, TABLE)
    assert asked.load().directory.members(TeamId("sre")) == frozenset()


def test_who_is_in_a_rota_may_be_a_member_by_the_group(asked: Folder) -> None:
    asked.add(FILE, TABLE)
    asked.write("rota.toml", '[[shift]]\nteam = "sre"\npeople = ["lin"]\n')
    assert asked.load().rota.teams == {"sre"}
    asked.write("rota.toml", '[[shift]]\nteam = "security"\npeople = ["bo-sre"]\n')
    assert "bo-sre is not in security" in asked.problems()[0]


@pytest.mark.parametrize(
    ("old", "new", "there", "back"),
    [
        (
            GROUP,
            "cn=others,dc=example,dc=org",
            ("team sre: members of another LDAP group count too",),
            ("team sre: members of another LDAP group count too",),
        ),
        (
            f'ldap_group = "{GROUP}"\n',
            "",
            ("team sre: members of an LDAP group no longer count too",),
            ("team sre: members of an LDAP group count too",),
        ),
        ("ldap.example.net", "ldap2.example.net", *[("LDAP is asked in another way than before",)] * 2),
        ("\n[ldap]", "\n# a remark\n[ldap]", (), ()),
    ],
)
def test_who_else_may_say_yes_does_not_change_quietly(
    asked: Folder, old: str, new: str, there: tuple[str, ...], back: tuple[str, ...]
) -> None:
    asked.add(FILE, TABLE)
    before = asked.load()
    asked.change(FILE, old, new)
    after = asked.load()
    assert (changes(before, after), changes(after, before)) == (there, back)
