import base64
from dataclasses import replace

import pytest

from tests.irc.talking import OFFER, SETTINGS, Talk
from tocsin.irc.events import Connected, Degraded, Disconnected, Event, Recovered
from tocsin.irc.settings import (
    ChannelToJoin,
    ClientCertificate,
    IrcSettings,
    Mechanism,
    Server,
    SignIn,
    UnusableSettings,
)

WITHOUT_ACCOUNTS = replace(SETTINGS, join_without_accounts=True)


def offered(offer: str = OFFER, settings: IrcSettings = SETTINGS) -> Talk:
    """Be where the server has told and granted its capabilities."""
    talk = Talk(settings)
    names = " ".join(word.partition("=")[0] for word in offer.split())
    talk.server(f":s CAP * LS :{offer}", f":s CAP * ACK :{names}")
    return talk


def reason(events: list[Event]) -> str:
    (disconnected,) = [event for event in events if isinstance(event, Disconnected)]
    return disconnected.why


def test_the_whole_way_from_the_first_byte_to_the_channel() -> None:
    talk = Talk()
    assert talk.out() == [
        "CAP LS 302",
        "NICK tocsin",
        "USER tocsin 0 * :Tocsin, a bot for emergency deployments",
    ]
    talk.server(":s CAP * LS * :sasl=PLAIN account-tag server-time", ":s CAP * LS :message-tags batch chghost x/y=z")
    assert talk.out() == ["CAP REQ :sasl account-tag server-time message-tags batch", "CAP REQ chghost"]
    talk.server(":s CAP tocsin ACK :sasl account-tag server-time message-tags batch ")
    assert talk.out() == []
    talk.server(":s CAP tocsin ACK chghost")
    assert talk.out() == ["AUTHENTICATE PLAIN"]
    talk.server("@time=2026-11-23T02:00:00.000Z AUTHENTICATE :+")
    (answer,) = talk.out()
    assert base64.b64decode(answer.removeprefix("AUTHENTICATE ")) == b"tocsin\0tocsin\0open-sesame"
    talk.server(":s 900 tocsin tocsin!b@h tocsin :You are now logged in", ":s 903 tocsin :done")
    assert talk.out() == ["CAP END"]
    assert talk.server(":s 001 tocsin :Welcome") == [Connected("tocsin"), Degraded("the bot is not in #ops")]
    assert talk.out() == ["JOIN #ops"]
    assert Recovered() in talk.server("@time=2026-11-23T02:00:00.000Z :tocsin!b@h JOIN #ops tocsin :x")
    assert talk.session.degraded is None


def test_with_a_certificate_nothing_secret_is_sent() -> None:
    settings = replace(
        SETTINGS, sign_in=SignIn(Mechanism.EXTERNAL, "tocsin"), certificate=ClientCertificate("certificate.pem")
    )
    talk = offered(settings=settings)
    talk.out()
    talk.server("AUTHENTICATE +")
    assert talk.out() == ["AUTHENTICATE +"]


@pytest.mark.parametrize(("password_length", "parts"), [(200, [284]), (287, [400, "+"]), (300, [400, 16])])
def test_long_credentials_are_sent_in_parts_of_400(password_length: int, parts: list[int | str]) -> None:
    talk = offered(settings=replace(SETTINGS, sign_in=SignIn(Mechanism.PLAIN, "tocsi", "p" * password_length)))
    talk.out()
    talk.server("AUTHENTICATE +")
    sent = [line.removeprefix("AUTHENTICATE ") for line in talk.out()]
    assert [part if part == "+" else len(part) for part in sent] == parts


@pytest.mark.parametrize("numeric", ["902", "904", "905", "906", "908"])
def test_a_refused_sign_in_ends_the_connection(numeric: str) -> None:
    talk = offered()
    talk.out()
    assert "cannot sign in" in reason(talk.server(f":s {numeric} tocsin :no"))
    assert talk.session.closed
    assert talk.server(":s 001 tocsin :Welcome") == []
    assert talk.out() == []


def test_services_that_say_nothing_end_the_connection_after_ten_seconds() -> None:
    talk = offered()
    assert talk.pass_time(10) == []
    assert "said nothing for 10 s" in reason(talk.pass_time(1))


def test_a_server_that_never_welcomes_is_left() -> None:
    assert "no welcome" in reason(Talk().pass_time(60, silent=True))


@pytest.mark.parametrize("missing", ["sasl", "account-tag", "server-time", "message-tags", "batch"])
def test_without_a_required_capability_the_bot_does_not_come(missing: str) -> None:
    offer = " ".join(word for word in OFFER.split() if not word.startswith(missing))
    talk = Talk()
    names = " ".join(word.partition("=")[0] for word in offer.split())
    events = talk.server(f":s CAP * LS :{offer}", f":s CAP * ACK :{names}")
    events += talk.server("AUTHENTICATE +", ":s 903 tocsin :done", ":s 001 tocsin :Welcome")
    assert missing in reason(events)
    assert not [line for line in talk.out() if line.startswith("JOIN")]


def test_required_capabilities_that_are_refused_are_missing() -> None:
    talk = Talk()
    talk.server(f":s CAP * LS :{OFFER}")
    assert "does not offer" in reason(
        talk.server(
            ":s CAP * NAK :sasl account-tag server-time message-tags batch",
            ":s CAP * ACK :extended-join account-notify echo-message labeled-response cap-notify chghost away-notify",
        )
    )


@pytest.mark.parametrize("lines", [
    [":s 001 tocsin :Welcome"],
    [":s 421 tocsin CAP :Unknown command", ":s 001 tocsin :Welcome"],
])  # fmt: skip
def test_a_server_that_knows_no_capabilities_is_left(lines: list[str]) -> None:
    talk = Talk()
    assert reason(talk.server(*lines))
    assert talk.session.closed


def test_a_welcome_before_the_sign_in_has_ended_is_declined_even_where_accounts_are_optional() -> None:
    talk = offered(settings=WITHOUT_ACCOUNTS)
    assert "without signing in" in reason(talk.server(":s 001 tocsin :Welcome"))


@pytest.mark.parametrize("lines", [
    [":s CAP * LS :multi-prefix", ":s 001 tocsin :Welcome"],
    [":s 421 tocsin CAP :Unknown command", ":s 001 tocsin :Welcome"],
    [":s 001 tocsin :Welcome"],
    [":s CAP * LS :account-tag server-time", ":s CAP * ACK :account-tag server-time", ":s 001 tocsin :Welcome"],
])  # fmt: skip
def test_where_nobody_can_sign_in_the_bot_comes_only_when_allowed_and_says_so(lines: list[str]) -> None:
    assert Talk().server(*lines)[-1:] != [Connected("tocsin")]
    talk = Talk(WITHOUT_ACCOUNTS)
    assert Connected("tocsin") in talk.server(*lines)
    assert "JOIN #ops" in talk.out()
    talk.join()
    assert talk.session.degraded
    assert "sasl" in talk.session.degraded


def test_when_services_come_back_the_bot_signs_in_where_it_is() -> None:
    talk = Talk(WITHOUT_ACCOUNTS)
    talk.server(":s CAP * LS :account-tag server-time message-tags batch cap-notify")
    talk.server(":s CAP * ACK :account-tag server-time message-tags batch", ":s CAP * ACK :cap-notify")
    talk.server(":s 001 tocsin :Welcome")
    talk.join()
    talk.out()
    talk.server(":s CAP tocsin NEW :sasl=PLAIN")
    assert talk.out() == ["CAP REQ sasl"]
    talk.server(":s CAP tocsin ACK :sasl")
    assert talk.out() == ["AUTHENTICATE PLAIN"]
    talk.server("AUTHENTICATE +")
    assert talk.server(":s 903 tocsin :done") == [Recovered()]


def test_a_bot_that_was_signed_out_signs_in_again_after_a_while() -> None:
    talk = Talk().ready()
    talk.server(":s 901 tocsin tocsin!b@h :You are now logged out")
    talk.pass_time(61)
    assert "AUTHENTICATE PLAIN" in talk.out()
    talk.server("AUTHENTICATE +")
    assert talk.server(":s 900 tocsin tocsin!b@h tocsin :in", ":s 903 tocsin :done") == [Recovered()]


def test_a_mechanism_that_the_network_does_not_take_ends_the_connection() -> None:
    talk = Talk()
    offer = OFFER.replace("PLAIN,EXTERNAL", "EXTERNAL")
    names = " ".join(word.partition("=")[0] for word in offer.split())
    assert "only EXTERNAL" in reason(talk.server(f":s CAP * LS :{offer}", f":s CAP * ACK :{names}"))


def test_a_nick_in_use_is_answered_with_another_and_taken_back_later() -> None:
    talk = Talk()
    talk.out()
    talk.server(":s 433 * tocsin :Nickname is already in use.")
    assert talk.out() == ["NICK tocsin_"]
    talk.server(f":s CAP * LS :{OFFER}", f":s CAP * ACK :{OFFER.replace('=PLAIN,EXTERNAL', '')}", "AUTHENTICATE +")
    talk.server(":s 903 * :done", ":s 001 tocsin_ :Welcome")
    assert talk.session.nick == "tocsin_"
    talk.out()
    talk.pass_time(61)
    assert "NICK tocsin" in talk.out()
    talk.server(":s 433 tocsin_ tocsin :Nickname is already in use.")
    talk.pass_time(61)
    assert "NICK tocsin" in talk.out()
    talk.server(":tocsin_!b@h NICK tocsin")
    assert talk.session.nick == "tocsin"
    talk.pass_time(61)
    assert "NICK tocsin" not in talk.out()


def test_when_no_nick_is_free_the_connection_ends() -> None:
    talk = Talk()
    events = talk.server(*[":s 433 * x :in use"] * 4)
    assert "nor a nick like it is free" in reason(events)


def test_a_server_that_falls_silent_is_asked_after_30_seconds_and_left_20_later() -> None:
    talk = Talk().ready()
    talk.pass_time(30, silent=True)
    assert talk.out() == ["PING tocsin"]
    assert talk.pass_time(19, silent=True) == []
    events = talk.pass_time(3, silent=True)
    assert reason(events) == "the server fell silent"
    assert isinstance(events[-1], Degraded)


def test_any_byte_shows_that_the_server_is_there() -> None:
    talk = Talk().ready()
    for _ in range(5):
        talk.pass_time(31, silent=True)
        talk.session.receive(b"x", talk.now)
    assert talk.session.closed is None


def test_a_ping_is_answered_at_once() -> None:
    talk = Talk()
    talk.out()
    talk.server("PING :a b", "@time=x :s PING s")
    assert talk.out() == ["PONG :a b", "PONG s"]


def test_the_servers_last_words_are_the_reason() -> None:
    events = Talk().ready().server("ERROR :Closing link: (Z-lined)")
    assert "Z-lined" in reason(events)


def test_a_lost_connection_is_told_once() -> None:
    talk = Talk().ready()
    assert reason(talk.session.lost("the connection broke")) == "the connection broke"
    assert talk.session.lost("again") == []


def test_no_secret_shows() -> None:
    settings = replace(SETTINGS, channels=(ChannelToJoin("#ops", "hunter2"),))
    assert "open-sesame" not in repr(settings)
    assert "hunter2" not in repr(settings)


def test_a_channel_with_a_key_is_joined_with_it() -> None:
    talk = Talk(replace(SETTINGS, channels=(ChannelToJoin("#ops", "hunter2"), ChannelToJoin("#ops-private"))))
    talk.sign_on()
    assert {"JOIN #ops hunter2", "JOIN #ops-private"} <= set(talk.out())


@pytest.mark.parametrize("host", ["irc.example.org", "192.0.2.7", "localhost.example.org", ""])
def test_plain_text_is_spoken_on_this_machine_only(host: str) -> None:
    with pytest.raises(UnusableSettings):
        Server(host, 6667, tls=False)
    assert [Server(here, 6667, tls=False).tls for here in ("localhost", "127.0.0.1", "::1")] == [False] * 3


@pytest.mark.parametrize("change", [
    {"servers": ()},
    {"sign_in": None},
    {"sign_in": SignIn(Mechanism.PLAIN, "tocsin")},
    {"sign_in": SignIn(Mechanism.EXTERNAL, "tocsin")},
])  # fmt: skip
def test_settings_that_cannot_work_are_refused(change: dict[str, object]) -> None:
    with pytest.raises(UnusableSettings):
        replace(SETTINGS, **change)  # type: ignore[arg-type]
