"""What the bot and its tests rely on in an IRC network, asked of InspIRCd with Atheme and of our own server alike."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from itertools import count
from typing import ClassVar

import pytest

from tests.conftest import Require
from tests.networks.client import Client, SignInRefused
from tests.networks.crowd import Crowd
from tests.networks.demo import DemoNetwork, demo_network
from tests.networks.inspircd import Network, inspircd_network, missing

ACCOUNTS = {"ada": "ada-word", "lin": "lin-word", "sam-sec": "sam-word"}
AnyNetwork = Network | DemoNetwork
Enter = Callable[..., Client]  # nick, account
numbers = count(1)
pytestmark = pytest.mark.network


class PlainClient(Client):
    """Somebody whose program knows no capability at all."""

    capabilities: ClassVar[tuple[str, ...]] = ()


@pytest.fixture(scope="module", params=["inspircd and atheme", "our own"])
def network(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, require: Require
) -> Iterator[AnyNetwork]:
    """Each network once, for all the rules of this page."""
    folder = tmp_path_factory.mktemp("network")
    if request.param == "our own":
        with demo_network(folder, ACCOUNTS) as own:
            yield own
        return
    require(missing() or "", missing() is None)
    with inspircd_network(folder, ACCOUNTS) as real:
        yield real


@pytest.fixture(scope="module")
def crowd(network: AnyNetwork) -> Iterator[Crowd]:
    """Connections to the network, made ahead."""
    crowd = Crowd(network.tls_port, network.ca_file, ACCOUNTS)
    yield crowd
    crowd.close()


@pytest.fixture
def enter(crowd: Crowd) -> Iterator[Enter]:
    """Return `enter(nick, account)`: somebody connected over TLS, gone again after the test."""
    with ExitStack() as stack:

        def enter_as(nick: str, account: str | None = None) -> Client:
            client = crowd.enter(nick, account)
            stack.callback(crowd.dismiss, client)
            return client

        yield enter_as


@pytest.fixture
def channel() -> str:
    """A channel of the test's own."""
    return f"#room{next(numbers)}"


@pytest.fixture
def ada(enter: Enter, channel: str) -> Client:
    """Ada, signed in; the channel is hers."""
    ada = enter("ada", "ada")
    ada.join(channel)
    return ada


@pytest.fixture
def stranger(enter: Enter, ada: Client, channel: str) -> Client:
    """Somebody in the channel who has not signed in."""
    stranger = enter("stranger")
    stranger.join(channel)
    ada.wait_for(r"stranger!\S+ JOIN")
    return stranger


def tags_of(line: str) -> dict[str, str]:
    """The tags of a line."""
    pairs = (item.partition("=") for item in line[1:].split(" ")[0].split(";")) if line.startswith("@") else ()
    return {key: value for key, _, value in pairs}


def body_of(line: str) -> str:
    """The line without its tags."""
    return line.partition(" ")[2] if line.startswith("@") else line


# ------------------------------------------------------------------------------------------------------- signing in


def test_the_right_password_signs_in(enter: Enter) -> None:
    lin = enter("lin", "lin")
    assert any(re.search(r" 900 \S+ \S+ lin :", line) for line in lin.lines)


def test_a_wrong_password_is_answered_with_904(network: AnyNetwork) -> None:
    with pytest.raises(SignInRefused, match=r" 904 "):
        Client(network.tls_port, "lin", "lin", "not lin's word", network.ca_file)


def test_the_mechanism_is_told_in_the_list_of_capabilities(enter: Enter) -> None:
    lin = enter("lin", "lin")
    assert any(re.search(r" CAP \S+ LS .*\bsasl=\S*PLAIN", line) for line in lin.lines)


def test_an_unknown_capability_is_refused_whole(ada: Client) -> None:
    ada.send("CAP REQ :server-time no-such-capability")
    assert ada.wait_for(r" CAP \S+ (NAK|ACK) ").rstrip().endswith("NAK :server-time no-such-capability")


def test_capabilities_can_be_given_back(ada: Client, stranger: Client, channel: str) -> None:
    ada.send("CAP REQ :-server-time -account-tag")
    ada.wait_for(r" CAP \S+ ACK :-server-time -account-tag")
    stranger.say(channel, "what time is it?")
    assert "time" not in tags_of(ada.wait_for("what time is it"))


# ------------------------------------------------------------------------------------- what a message says of itself


def test_a_message_carries_the_account_of_its_sender(ada: Client, stranger: Client, channel: str) -> None:
    ada.send("NICK somebody")
    ada.say(channel, "under another nick")
    line = stranger.wait_for("under another nick")
    assert tags_of(line)["account"] == "ada"
    assert ":somebody!" in line


def test_a_message_of_somebody_unidentified_carries_no_account(ada: Client, stranger: Client, channel: str) -> None:
    stranger.send("NICK sam-sec")
    stranger.say(channel, "a registered nick, and not its owner")
    assert "account" not in tags_of(ada.wait_for("not its owner"))


def test_forged_tags_are_dropped_and_client_tags_passed_on(ada: Client, stranger: Client, channel: str) -> None:
    forged = "account=ada;time=2001-01-01T00:00:00.000Z;msgid=mine;batch=b;+account=ada;+x=1"
    stranger.send(f"@{forged} PRIVMSG {channel} :trust me")
    tags = tags_of(ada.wait_for("trust me"))
    assert set(tags) == {"time", "msgid", "+account", "+x"}
    assert not tags["time"].startswith("2001")
    assert tags["msgid"] != "mine"


def test_a_source_in_a_clients_line_is_ignored(ada: Client, stranger: Client, channel: str) -> None:
    stranger.send(f":ada!ada@127.0.0.1 PRIVMSG {channel} :says who?")
    assert ":stranger!" in ada.wait_for("says who")


def test_a_message_has_the_servers_time_and_an_id_of_its_own(ada: Client, stranger: Client, channel: str) -> None:
    ada.say(channel, "one")
    ada.say(channel, "two")
    one, two = tags_of(stranger.wait_for(":one")), tags_of(stranger.wait_for(":two"))
    assert one["msgid"] and one["msgid"] != two["msgid"]
    age = datetime.now(UTC) - datetime.strptime(one["time"], "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
    assert abs(age.total_seconds()) < 10


def test_the_sender_hears_the_message_as_the_others_do(ada: Client, stranger: Client, channel: str) -> None:
    ada.say(channel, "echo")
    own, other = ada.wait_for(":echo"), stranger.wait_for(":echo")
    assert tags_of(own)["msgid"] == tags_of(other)["msgid"]
    assert body_of(own) == body_of(other)


def test_a_program_without_capabilities_gets_no_tags(network: AnyNetwork, ada: Client, channel: str) -> None:
    with PlainClient(network.plain_port, "old") as old:
        old.join(channel)
        ada.say(channel, "plainly")
        assert old.wait_for("plainly").startswith(":ada!")
        assert not any(line.startswith("@") for line in old.lines)


def test_a_line_is_cut_at_512_bytes_and_the_sender_is_not_told(ada: Client, stranger: Client, channel: str) -> None:
    ada.say(channel, "x" * 600)
    heard = stranger.wait_for("xxx")
    assert len(body_of(heard)) == 510
    assert body_of(ada.wait_for("xxx")) == body_of(heard)
    assert not any(re.search(r" 4\d\d ", line) for line in ada.settle())


def test_bytes_that_are_no_text_are_passed_on(ada: Client, stranger: Client, channel: str) -> None:
    stranger.send(f"@+x=\xff PRIVMSG {channel} :bad ".encode("latin-1") + b"\xff\xfe")
    assert "\N{REPLACEMENT CHARACTER}" in ada.wait_for(":bad ")


@pytest.mark.parametrize(
    "line", [b"", b" ", b"@", b"@a=b", b":", b":x", b"@+=;;= :", b"\xff\xfe", b"\0", b"PRIVMSG", b"MODE # +ov"]
)
def test_an_odd_line_ends_nobodys_connection(ada: Client, stranger: Client, channel: str, line: bytes) -> None:
    stranger.send(line)
    stranger.say(channel, "still here")
    assert ":stranger!" in ada.wait_for("still here")


# ------------------------------------------------------------------------------------------------- who somebody is


def test_entering_tells_the_account(ada: Client, enter: Enter, channel: str) -> None:
    enter("lin", "lin").join(channel)
    enter("nobody").join(channel)
    assert re.search(rf":lin!\S+ JOIN {channel} lin :", ada.wait_for("lin!.* JOIN "))
    assert re.search(rf":nobody!\S+ JOIN {channel} \* :", ada.wait_for("nobody!.* JOIN "))


def test_signing_in_later_is_told_to_the_channel(ada: Client, stranger: Client, channel: str) -> None:
    stranger.ask("NickServ", "IDENTIFY lin lin-word", "identified")
    assert body_of(ada.wait_for("ACCOUNT")).endswith("ACCOUNT :lin")
    stranger.say(channel, "now it is me")
    assert tags_of(ada.wait_for("now it is me"))["account"] == "lin"


def test_signing_out_is_told_to_the_channel(ada: Client, stranger: Client, channel: str) -> None:
    stranger.ask("NickServ", "IDENTIFY lin lin-word", "identified")
    ada.wait_for("ACCOUNT :lin")
    stranger.say("NickServ", "LOGOUT")
    assert "901" in stranger.wait_for(" 901 ")
    assert body_of(ada.wait_for("ACCOUNT")).endswith("ACCOUNT :*")
    stranger.say(channel, "nobody again")
    assert "account" not in tags_of(ada.wait_for("nobody again"))


def test_nickserv_refuses_a_wrong_password(ada: Client, stranger: Client) -> None:
    stranger.ask("NickServ", "IDENTIFY lin wrong", "Invalid password for")
    assert not any("ACCOUNT" in line for line in ada.settle())


def test_nickserv_tells_the_account_and_entity_id_of_a_nick(network: AnyNetwork, ada: Client, stranger: Client) -> None:
    ada.send("NICK other")
    answer = stranger.ask("NickServ", "ACC other *", "ACC")
    assert answer.endswith(f"NOTICE stranger :other -> ada ACC 3 {network.entity_ids['ada']}")
    assert stranger.ask("NickServ", "ACC stranger *", "ACC").endswith(":stranger -> * ACC 0 (not registered)")
    assert stranger.ask("NickServ", "ACC absent *", "ACC").endswith(":absent -> * ACC 0 (offline)")


def test_nickserv_speaks_from_the_services_host(stranger: Client) -> None:
    assert ":NickServ!NickServ@services.example.org " in stranger.ask("NickServ", "ACC stranger *", "ACC")


def test_nickserv_tells_when_an_account_was_registered(network: AnyNetwork, stranger: Client) -> None:
    registered = stranger.ask("NickServ", "INFO ada", "Registered")
    assert re.search(r":Registered : [A-Z][a-z]{2} \d\d \d\d:\d\d:\d\d \d{4} \+0000 \(.*\d+\w ago\)$", registered)
    assert stranger.wait_for("Entity ID").endswith(f"Entity ID  : {network.entity_ids['ada']}")
    stranger.wait_for("End of Info")
    stranger.ask("NickServ", "INFO unheard-of", "is not registered")


def test_who_tells_the_account(ada: Client, stranger: Client, channel: str) -> None:
    stranger.send(f"WHO {channel} %tna,42")
    told = {line.partition(" 354 ")[2] for line in stranger.settle()}
    assert {"stranger 42 ada :ada", "stranger 42 stranger :0"} <= told


def test_whois_tells_the_account(ada: Client, stranger: Client) -> None:
    stranger.send("WHOIS ada")
    assert stranger.wait_for(" 330 ").endswith("330 stranger ada ada :is logged in as")
    stranger.wait_for(" 318 ")


# --------------------------------------------------------------------------------------------------------- nicks


def test_a_nick_in_use_is_refused(ada: Client, stranger: Client) -> None:
    stranger.send("NICK ada")
    assert " 433 stranger ada :" in stranger.wait_for(r" 4\d\d ")


def test_nicks_are_compared_under_rfc1459(ada: Client, stranger: Client, channel: str) -> None:
    assert any("CASEMAPPING=rfc1459" in line for line in ada.lines)
    ada.send("NICK ada[x]")
    ada.wait_for("NICK :")
    stranger.send("NICK ADA{X}")
    stranger.wait_for(" 433 ")
    stranger.say("ADA{X}", "the same one")
    assert ada.wait_for("the same one")
    stranger.say(channel.upper(), "the same channel")
    assert ada.wait_for("the same channel")


@pytest.mark.parametrize("nick", ["1ada", "a!b", "\N{CYRILLIC SMALL LETTER A}da", "ada\N{ZERO WIDTH SPACE}", "a" * 60])
def test_an_erroneous_nick_is_refused(stranger: Client, nick: str) -> None:
    stranger.send(f"NICK {nick}")
    stranger.wait_for(" 432 ")


def test_a_change_of_nick_is_told(ada: Client, stranger: Client) -> None:
    ada.send("NICK somebody")
    assert re.search(r":ada!\S+ NICK :somebody$", stranger.wait_for(" NICK "))


# ------------------------------------------------------------------------------------------------------ channels


def test_whoever_makes_a_channel_operates_it(ada: Client, stranger: Client, channel: str) -> None:
    assert any(f" 353 ada = {channel} :@ada" in line for line in ada.lines)
    stranger.send(f"MODE {channel} +o stranger")
    stranger.wait_for(" 482 ")


def test_the_operator_gives_a_voice_and_takes_it(ada: Client, stranger: Client, channel: str) -> None:
    ada.send(f"MODE {channel} +v stranger")
    assert body_of(stranger.wait_for(" MODE ")).endswith(f"MODE {channel} +v :stranger")
    stranger.send(f"NAMES {channel}")
    assert set(stranger.wait_for(" 353 ").split(" :")[-1].split()) == {"@ada", "+stranger"}
    ada.send(f"MODE {channel} -v stranger")
    assert body_of(stranger.wait_for(" MODE ")).endswith(f"MODE {channel} -v :stranger")


def test_a_moderated_channel_hears_only_who_has_a_voice(ada: Client, stranger: Client, channel: str) -> None:
    ada.send(f"MODE {channel} +m")
    stranger.wait_for(" MODE ")
    stranger.say(channel, "may I?")
    stranger.wait_for(f" 404 stranger {channel} ")
    ada.send(f"MODE {channel} +v stranger")
    stranger.wait_for(" MODE ")
    stranger.say(channel, "thank you")
    assert ada.wait_for(r"PRIVMSG").endswith("thank you")


def test_who_is_outside_cannot_speak_into_a_channel(ada: Client, enter: Enter, channel: str) -> None:
    outsider = enter("outsider")
    outsider.say(channel, "let me in")
    outsider.wait_for(f" 404 outsider {channel} ")
    assert not any("let me in" in line for line in ada.settle())


def test_the_topic_is_told_and_set_by_the_operator(ada: Client, stranger: Client, enter: Enter, channel: str) -> None:
    stranger.send(f"TOPIC {channel} :mine")
    stranger.wait_for(" 482 ")
    ada.send(f"TOPIC {channel} :nothing is open")
    assert body_of(stranger.wait_for(" TOPIC ")).endswith(f"TOPIC {channel} :nothing is open")
    late = enter("late")
    late.join(channel)
    assert any(f" 332 late {channel} :nothing is open" in line for line in late.lines)


def test_being_kicked_is_told_with_the_reason(ada: Client, stranger: Client, channel: str) -> None:
    ada.send(f"KICK {channel} stranger :not now")
    assert body_of(stranger.wait_for(" KICK ")).endswith(f"KICK {channel} stranger :not now")
    stranger.say(channel, "unheard")
    stranger.wait_for(" 404 ")


def test_leaving_is_told(ada: Client, stranger: Client, channel: str) -> None:
    stranger.send(f"PART {channel} :off")
    assert re.search(rf":stranger!\S+ PART {channel} :off$", ada.wait_for(" PART "))


def test_quitting_is_told_with_the_text_marked_as_the_persons(ada: Client, stranger: Client) -> None:
    stranger.send("QUIT :irc1.example.org irc2.example.org")
    assert ada.wait_for(" QUIT ").endswith("QUIT :Quit: irc1.example.org irc2.example.org")
    assert any("ERROR :Closing link" in line for line in stranger.wait_for_the_end())


def test_a_lost_connection_is_told_as_a_quit(ada: Client, stranger: Client) -> None:
    stranger.close()
    assert ":stranger!" in ada.wait_for(" QUIT ")


def test_a_message_to_the_operators_only_is_marked_by_its_target(ada: Client, stranger: Client, channel: str) -> None:
    stranger.say(f"@{channel}", "ops only")
    assert f"PRIVMSG @{channel} :" in ada.wait_for("ops only")


def test_a_private_message_reaches_one_person(ada: Client, stranger: Client) -> None:
    stranger.say("ada", "between us")
    assert re.search(r":stranger!\S+ PRIVMSG ada :between us$", ada.wait_for("between us"))
    stranger.say("absent", "anybody?")
    stranger.wait_for(" 401 stranger absent :")


def test_somebody_away_is_said_to_be(ada: Client, stranger: Client) -> None:
    ada.send("AWAY :lunch")
    ada.wait_for(" 306 ")
    stranger.say("ada", "hello")
    assert stranger.wait_for(" 301 ").endswith("ada :lunch")
    ada.send("AWAY")
    ada.wait_for(" 305 ")


def test_missing_words_and_unknown_commands_are_answered(stranger: Client) -> None:
    stranger.send("JOIN")
    stranger.wait_for(" 461 stranger JOIN :")
    stranger.send("DANCE")
    stranger.wait_for(" 421 stranger DANCE :")
    stranger.send("JOIN no-channel")
    stranger.wait_for(" 476 ")
