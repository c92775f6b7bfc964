"""The top file: paths in full, secrets from files alone, and no server talked to in the clear."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from tests.config.folders import Folder
from tocsin.irc.settings import ChannelToJoin, ClientCertificate, Mechanism, Server, SignIn
from tocsin.neighbours.tasks.links import TaskSettings

FILE = "tocsin.toml"
SERVERS = 'servers = [{ host = "irc.example.org", port = 6697 }]'


def test_every_path_is_told_in_full(folder: Folder) -> None:
    settings = folder.load().settings
    data = folder.path / "data"
    assert (settings.site.name, settings.site.public_url, settings.site.data) == ("Example", "", data)
    assert (settings.record.database, settings.record.key_file) == (data / "record.db", data / "record.key")
    assert settings.record.origin == "tocsin.example.org"
    assert (settings.local.socket, settings.engine.attempts) == (data / "tocsin.sock", data / "attempts")


def test_the_address_of_the_page_ends_without_a_slash(folder: Folder) -> None:
    folder.change(FILE, '# public_url = "https://tocsin.example.org"', 'public_url = "https://tocsin.example.org/"')
    assert folder.load().settings.site.public_url == "https://tocsin.example.org"


def test_the_bot_joins_the_channels_of_the_targets_and_of_the_log(folder: Folder) -> None:
    folder.change(FILE, '# log_channel = "#operations"', 'log_channel = "#log"')
    settings = folder.load().settings
    assert settings.irc is not None
    joined = [channel.name for channel in settings.irc.channels]
    assert joined == ["#operations", "#operations-private", "#log"]
    assert settings.log_channel == "#log"


def test_secrets_come_from_their_files_and_are_never_shown(folder: Folder) -> None:
    (folder.path / "secrets/key").write_text("channel-key\n")
    (folder.path / "secrets/key").chmod(0o600)
    folder.change(FILE, 'sasl = "plain"', 'sasl = "plain"\nchannel_key_files = { "#Operations" = "secrets/key" }')
    loaded = folder.load()
    assert loaded.settings.irc is not None
    assert loaded.settings.irc.sign_in == SignIn(Mechanism.PLAIN, "tocsin", "not-a-secret")
    assert loaded.settings.irc.channels[0] == ChannelToJoin("#operations", "channel-key")
    assert "not-a-secret" not in repr(loaded)
    assert "channel-key" not in repr(loaded)


def test_the_digest_follows_every_file_and_no_secret(folder: Folder) -> None:
    digests = [folder.load().digest, folder.load().digest]
    (folder.path / "secrets/irc-password").write_text("another\n")
    digests.append(folder.load().digest)
    assert len(set(digests)) == 1
    for file in ("tocsin.toml", "directory.toml", "policies.toml", "targets/website.toml"):
        folder.add(file, "# more\n")
        digests.append(folder.load().digest)
    assert len(set(digests)) == 5


def test_a_password_that_others_may_read_is_a_warning(folder: Folder) -> None:
    (folder.path / "secrets/irc-password").chmod(0o640)
    line = folder.line(FILE, "password_file")
    sentence = "secrets/irc-password may be read by others (mode 0640): chmod 600 secrets/irc-password"
    assert folder.warnings() == [f"{FILE}:{line}: {sentence}"]


def test_the_key_of_the_record_is_looked_at_when_it_is_there(folder: Folder) -> None:
    (folder.path / "data").mkdir()
    (folder.path / "data/record.key").write_text("x")
    (folder.path / "data/record.key").chmod(0o644)
    line = folder.line(FILE, "[record]")
    sentence = "record.key may be read by others (mode 0644): chmod 600 record.key"
    assert folder.warnings() == [f"{FILE}:{line}: {sentence}"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "secrets/irc-password must hold the secret alone, on one line."),
        (b"one\ntwo\n", "secrets/irc-password must hold the secret alone, on one line."),
        (b"x" * 5000, "secrets/irc-password must hold the secret alone, on one line."),
        (b"caf\xe9", "secrets/irc-password holds bytes that are not UTF-8: it takes one line of text."),
        (
            None,
            "There is no file secrets/irc-password: password_file names a file, seen from the folder of tocsin.toml.",
        ),
    ],
)
def test_a_file_that_holds_no_secret_is_an_error_that_does_not_tell_it(
    folder: Folder, content: bytes | None, sentence: str
) -> None:
    (folder.path / "secrets/irc-password").unlink()
    if content is not None:
        folder.write("secrets/irc-password", content)
    assert folder.problems() == [f"{FILE}:{folder.line(FILE, 'password_file')}: {sentence}"]


def test_what_the_starter_wrote_is_no_password(folder: Folder) -> None:
    folder.write("secrets/irc-password", "replace-this-password\n")
    sentence = "secrets/irc-password still holds what the starter wrote: put the real secret there."
    assert folder.warnings() == [f"{FILE}:{folder.line(FILE, 'password_file')}: {sentence}"]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('name = "Example"', "name = 5", "name is a text in quotes, not a number."),
        ('name = "Example"', 'name = ""', "name is empty: write something, or leave the key out."),
        ('name = "Example"', 'nam = "Example"', "nam is no setting of [site]: did you mean name?"),
        (
            'origin = "tocsin.example.org"',
            'origin = "a b"',
            "origin is a name such as tocsin.example.org, without spaces or a plus.",
        ),
        ('nick = "tocsin"', 'nick = "the bot"', "nick is not a nick that IRC allows."),
        (SERVERS, "servers = []", 'servers is an empty list: write [{ host = "irc.example.org" }].'),
        (SERVERS, 'servers = [{ host = "a", port = 0 }]', "port is a port from 1 to 65535, not 0."),
        (SERVERS, 'servers = [{ host = "a b" }]', "host is a host name or an address."),
        (
            SERVERS,
            'servers = [{ host = "irc.example.org", tls = false }]',
            "irc.example.org is another machine: talk to it over TLS.",
        ),
        (
            SERVERS,
            'servers = [{ host = "irc.example.org", ca_file = "ca.pem" }]',
            "There is no file ca.pem: ca_file names a file, seen from the folder of tocsin.toml.",
        ),
        ('sasl = "plain"', 'sasl = "scram"', "sasl: 'scram' is not one of plain, external."),
        (
            'password_file = "secrets/irc-password"',
            'password = "hunter2"',
            "password: a secret never stands here. Put it into a file of its own, mode 0600, and name that file.",
        ),
        ("denied_accounts = []", "burst = 0", "burst is from 1 to 20 lines, not 0."),
        ("denied_accounts = []", 'split_quarantine = "11 min"', "split_quarantine is from 1 s to 10 min."),
        ("denied_accounts = []", "seconds_per_line = -1", "seconds_per_line is from 0 to 60 seconds, not -1.0."),
        (
            "denied_accounts = []",
            'denied_accounts = ["LIN"]',
            "lin is denied here and belongs to lin: take it out of one of the two.",
        ),
        (
            "denied_accounts = []",
            "[local]\nsocket = 'tocsin.sock'\nmode = 1",
            "mode is no setting of [local]: known are socket.",
        ),
        (
            "denied_accounts = []",
            '[tasks]\nurl = "https://{task}/x"',
            "url must hold {task} behind the host, as in https://tasks.example.org/{task}.",
        ),
        (
            "denied_accounts = []",
            '[tasks]\npattern = "T["',
            "pattern is not a regular expression: unterminated character set at position 1.",
        ),
        (
            "denied_accounts = []",
            '[tasks]\npattern = "x*"',
            "pattern matches an empty name: let it ask for one character at least.",
        ),
        ("denied_accounts = []", "[irk]", "irk is no setting of this file: did you mean irc?"),
    ],
)
def test_a_faulty_setting_is_an_error_on_its_line(folder: Folder, old: str, new: str, sentence: str) -> None:
    folder.change(FILE, f"\n{old}", f"\n{new}")
    line = folder.line(FILE, new) + new.count("\n")
    assert f"{FILE}:{line}: {sentence}" in folder.problems()


def test_the_bot_is_nobody_of_the_directory(folder: Folder) -> None:
    folder.change(FILE, 'account = "tocsin"', 'account = "Lin"')
    sentence = "The account lin is the bot's own, and not that of lin."
    assert folder.problems() == [f"{FILE}:{folder.line(FILE, 'nick =')}: {sentence}"]


def test_signing_in_takes_something_to_sign_in_with(folder: Folder) -> None:
    line = folder.line(FILE, 'sasl = "plain"')
    password = 'password_file = "secrets/irc-password"\n'
    folder.change(FILE, password, "")
    sentence = "password_file is missing: signing in with plain takes a password."
    assert folder.problems() == [f"{FILE}:{line}: {sentence}"]
    folder.change(FILE, 'sasl = "plain"', 'sasl = "external"')
    sentence = "[irc]: signing in with EXTERNAL takes a client certificate."
    assert folder.problems() == [f"{FILE}:{folder.line(FILE, '[irc]')}: {sentence}"]
    folder.change(FILE, 'sasl = "external"\n', "")
    sentence = "[irc]: give the bot a services account, or allow it to join without accounts."
    assert folder.problems() == [f"{FILE}:{folder.line(FILE, '[irc]')}: {sentence}"]


def test_irc_is_read_with_everything(folder: Folder) -> None:
    (folder.path / "bot.pem").write_text("x")
    folder.change(FILE, SERVERS, 'servers = [{ host = "127.0.0.1", port = 6667, tls = false }]')
    folder.change(FILE, 'sasl = "plain"', 'sasl = "external"\ncertificate_file = "bot.pem"\nusername = "bell"')
    folder.change(
        FILE,
        "denied_accounts = []",
        'denied_accounts = ["relay"]\nvoice_required = true\nburst = 2\nsplit_quarantine = "5 min"',
    )
    irc = folder.load().settings.irc
    assert irc is not None
    assert irc.servers == (Server("127.0.0.1", 6667, tls=False),)
    assert irc.sign_in is not None
    assert irc.sign_in.mechanism is Mechanism.EXTERNAL
    assert irc.certificate == ClientCertificate(str(folder.path / "bot.pem"))
    assert (irc.username, irc.denied_accounts, irc.voice_required) == ("bell", frozenset({"relay"}), True)
    assert (irc.pace.burst, irc.pace.seconds_per_line) == (2, 1.2)
    assert irc.split_quarantine == timedelta(minutes=5)


def test_tasks_are_private_until_somebody_says_otherwise(folder: Folder) -> None:
    assert folder.load().settings.tasks == TaskSettings(r"T[0-9]{1,9}", "", public=False)
    folder.add(FILE, '[tasks]\npattern = "#[0-9]+"\nurl = "https://tasks.example.org/{task}"\npublic = true\n')
    assert folder.load().settings.tasks == TaskSettings("#[0-9]+", "https://tasks.example.org/{task}", public=True)


def test_without_irc_there_is_only_the_command_line(folder: Folder) -> None:
    text = (folder.path / FILE).read_text()
    folder.write(FILE, text.partition("[irc]")[0])
    assert folder.load().settings.irc is None


def test_a_socket_with_a_path_too_long_for_the_kernel_is_an_error(folder: Folder) -> None:
    line = folder.add(FILE, f'[local]\nsocket = "/{"x" * 107}"\n') + 1
    sentence = "The socket's path has 108 bytes, and a socket takes 107: name a shorter one."
    assert folder.problems() == [f"{FILE}:{line}: {sentence}"]


def test_a_data_folder_that_is_a_file_is_an_error(folder: Folder) -> None:
    folder.write("data", "")
    assert folder.problems() == [f"{FILE}:{folder.line(FILE, 'data =')}: data is there and is no folder."]


def test_a_file_that_nobody_reads_is_a_warning(folder: Folder) -> None:
    folder.write("policy.toml", "")
    folder.write(".#policies.toml", "")
    assert folder.warnings() == ["policy.toml:1: Nobody reads this file: did you mean policies.toml?"]


def test_all_problems_of_all_files_are_told_at_once_in_order(folder: Folder) -> None:
    spoil: list[Callable[[], object]] = [
        lambda: folder.add("tocsin.toml", "[irk]\n"),
        lambda: folder.add("targets/website.toml", "[irk]\n"),
        lambda: folder.add("policies.toml", "[irk]\n"),
        lambda: folder.add("directory.toml", "[irk]\n"),
    ]
    for each in spoil:
        each()
    files = [each.partition(":")[0] for each in folder.problems()]
    assert files == ["directory.toml", "policies.toml", "targets/website.toml", "tocsin.toml"]


def test_the_folder_may_be_named_from_where_one_stands(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder.path.parent)
    relative = Folder.__new__(Folder)
    relative.path = Path("etc")
    assert relative.load().settings.site.data == folder.path / "data"
