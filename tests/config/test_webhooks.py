"""[[webhooks]] in the configuration: over TLS, each name once, kinds that there are, a secret in a file of its own."""

import pytest

from tests.config.folders import Folder
from tocsin.neighbours.webhooks import WebhookSettings

FILE = "tocsin.toml"
HOOK = '[[webhooks]]\nname = "board"\nurl = "https://hooks.example.org/tocsin"\nsecret_file = "hook-secret"\n'
SECRET = "a secret that nobody guesses"


def test_none_need_be_there(folder: Folder) -> None:
    assert folder.load().settings.webhooks == ()


def test_a_webhook_is_read_with_everything_and_never_shows_its_secret(folder: Folder) -> None:
    folder.write("hook-secret", f"{SECRET}\n")
    folder.add(FILE, f'{HOOK}events = ["RequestOpened"]\nprivate = true\n')
    [read] = folder.load().settings.webhooks
    url = "https://hooks.example.org/tocsin"
    assert read == WebhookSettings("board", url, SECRET, frozenset({"RequestOpened"}), private=True)
    assert SECRET not in repr(read)


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        (f"{HOOK}{HOOK}", "board stands before this one already."),
        (HOOK.replace("hook-secret", "gone"), "There is no file gone"),
        (HOOK.replace("hook-secret", ""), "Name the file of the secret"),
        (HOOK.replace("hook-secret", "short"), "short holds a secret of 5 characters: take 16 or more."),
        (HOOK.replace("https", "http"), "is on another machine: send to it by https://"),
        (f'{HOOK}events = ["Opened"]\n', "holds 'Opened', which is no kind of event"),
    ],
)
def test_each_mistake_is_told_with_its_remedy(folder: Folder, written: str, sentence: str) -> None:
    folder.write("hook-secret", f"{SECRET}\n")
    folder.write("short", "12345\n")
    folder.add(FILE, written)
    assert any(sentence in each for each in folder.problems())
