"""[web] in the configuration: the page, and who besides the command line may say who somebody is."""

from ipaddress import ip_network

import pytest

from tests.config.folders import Folder
from tocsin.domain.people import PersonId
from tocsin.web.settings import OidcSettings, ProxySettings

FILE = "tocsin.toml"
WEB = "[web]\n"
OIDC = f'{WEB}[web.oidc]\nissuer = "https://login.example.org"\nclient_id = "tocsin"\n'
PROXY = f'{WEB}[web.proxy]\nheader = "X-Signed-In"\nonly_from = ["192.0.2.7"]\n'
SECRET = "a secret that nobody guesses"


@pytest.fixture(autouse=True)
def reachable(folder: Folder) -> None:
    folder.change(FILE, '# public_url = "https://tocsin.example.org"', 'public_url = "https://tocsin.example.org"')


def known(folder: Folder) -> None:
    """Have one person of the directory known to a provider."""
    folder.change("directory.toml", 'nicks = ["ada"]', 'nicks = ["ada"]\nsign_in = ["ada@example.org"]')


def test_there_is_no_page_unless_it_is_asked_for(folder: Folder) -> None:
    assert folder.load().settings.web is None


def test_a_page_needs_an_address_where_people_reach_it(folder: Folder) -> None:
    folder.change(FILE, 'public_url = "https://tocsin.example.org"', "")
    folder.add(FILE, WEB)
    assert any("The page needs [site] public_url" in each for each in folder.problems())


def test_a_code_of_the_command_line_signs_in_unless_that_is_switched_off(folder: Folder) -> None:
    folder.add(FILE, WEB)
    made = folder.load().settings.web
    assert made is not None and made.local and made.oidc is None and made.proxy is None
    line = folder.add(FILE, "local = false\n")
    sentence = "Nobody can sign in on the page: leave local out, or write [web.oidc] or [web.proxy]."
    assert folder.warnings() == [f"{FILE}:{line}: {sentence}"]


def test_a_provider_is_read_with_everything_and_its_secret_is_never_shown(folder: Folder) -> None:
    known(folder)
    folder.write("oidc-secret", f"{SECRET}\n")
    (folder.path / "oidc-secret").chmod(0o600)
    more = 'client_secret_file = "oidc-secret"\nclaim = "email"\nlabel = "Example"\nscopes = ["openid", "email"]\n'
    folder.add(FILE, OIDC + more)
    made = folder.load().settings.web
    assert made is not None
    assert made.oidc == OidcSettings(
        "https://login.example.org", "tocsin", SECRET, "email", "Example", ("openid", "email")
    )
    assert SECRET not in repr(made)
    assert folder.warnings() == []


def test_a_secret_that_others_may_read_is_a_warning(folder: Folder) -> None:
    known(folder)
    folder.write("oidc-secret", f"{SECRET}\n")
    (folder.path / "oidc-secret").chmod(0o644)
    folder.add(FILE, f'{OIDC}client_secret_file = "oidc-secret"\n')
    [warning] = folder.warnings()
    assert warning.endswith("oidc-secret may be read by others (mode 0644): chmod 600 oidc-secret")


def test_a_proxy_is_believed_from_named_places_alone(folder: Folder) -> None:
    known(folder)
    folder.add(FILE, PROXY.replace('"192.0.2.7"', '"192.0.2.7", "2001:db8::/64"'))
    made = folder.load().settings.web
    assert made is not None and made.proxy is not None
    assert made.proxy == ProxySettings("X-Signed-In", (ip_network("192.0.2.7"), ip_network("2001:db8::/64")))
    places = ("192.0.2.7", "2001:db8::9", "192.0.2.8", "2001:db9::9", "", "localhost")
    assert [made.proxy.is_at(each) for each in places] == [True, True, False, False, False, False]
    assert folder.warnings() == []


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        (OIDC.replace("https", "http"), "is on another machine: ask it by https://"),
        (OIDC.replace("org", "org/?x"), "ends before any ? or #"),
        (f'{OIDC}client_secret_file = "gone"\n', "There is no file gone"),
        (f'{OIDC}scopes = ["email"]\n', "must be asked for openid at least"),
        (f'{OIDC}scopes = ["openid email"]\n', "is a word such as openid"),
        (f'{OIDC}claim = "email"\n', "tells email only when asked"),
        (f'{OIDC}claim = ""\n', "is the name of a claim, such as sub"),
        (OIDC.replace("issuer", "isuer"), "did you mean issuer?"),
        (PROXY.replace('"192.0.2.7"', ""), "is an empty list"),
        (PROXY.replace("192.0.2.7", "0.0.0.0/0"), "which is everybody"),
        (PROXY.replace("192.0.2.7", "192.0.2.7/24"), "write an address such as"),
        (PROXY.replace("192.0.2.7", "proxy.example.org"), "write an address such as"),
        (PROXY.replace("X-Signed-In", "X Signed"), "is a header such as X-Signed-In"),
        (PROXY.replace("X-Signed-In", "cookie"), "is filled in for another purpose"),
        (PROXY.replace("X-Signed-In", "X-Forwarded-For"), "is filled in for another purpose"),
    ],
)
def test_each_mistake_is_told_with_its_remedy(folder: Folder, written: str, sentence: str) -> None:
    known(folder)
    folder.add(FILE, written)
    assert any(sentence in each for each in folder.problems()), folder.problems()


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        (
            f'{OIDC}claim = "preferred_username"\n',
            "At many providers people choose their preferred_username themselves",
        ),
        (PROXY.replace("192.0.2.7", "127.0.0.1"), "127.0.0.1/32 is this machine: whoever has an account here"),
    ],
)
def test_what_others_could_take_for_themselves_is_warned_of(folder: Folder, written: str, sentence: str) -> None:
    known(folder)
    folder.add(FILE, written)
    [warning] = folder.warnings()
    assert sentence in warning


@pytest.mark.parametrize("written", [OIDC, PROXY])
def test_a_way_by_which_nobody_could_come_in_is_warned_of(folder: Folder, written: str) -> None:
    folder.add(FILE, written)
    [warning] = folder.warnings()
    assert "Nobody in directory.toml has sign_in" in warning


def test_a_person_is_known_to_providers_by_what_the_directory_says(folder: Folder) -> None:
    known(folder)
    directory = folder.load().directory
    found = directory.signing_in("ada@example.org")
    assert found is not None and found.id == PersonId("ada")
    assert directory.signing_in("ADA@example.org") is None


def test_nobody_is_signed_in_for_another(folder: Folder) -> None:
    known(folder)
    line = (
        folder.add("directory.toml", '[people.zoe]\naccounts = [{ name = "zoe" }]\nsign_in = ["ADA@example.org"]\n') + 2
    )
    sentence = "The sign-in ADA@example.org is ada's already: what belongs to two people belongs to nobody."
    assert folder.problems() == [f"directory.toml:{line}: {sentence}"]


@pytest.mark.parametrize("identity", ["", " ada", "x" * 256, "a\\u0000b"])
def test_what_nobody_can_be_known_by_is_a_mistake(folder: Folder, identity: str) -> None:
    folder.change("directory.toml", 'nicks = ["ada"]', f'nicks = ["ada"]\nsign_in = ["{identity}"]')
    assert len(folder.problems()) == 1
