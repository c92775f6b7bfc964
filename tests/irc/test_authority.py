from dataclasses import replace

import pytest

from tests.irc.talking import SETTINGS, Talk
from tocsin.irc.authority import ANSWERED, LOG_IN, UNANSWERED
from tocsin.irc.events import ChannelLost, Degraded, Echoed, Recovered, SplitBegan


@pytest.fixture
def talk() -> Talk:
    return Talk().ready()


def test_a_line_that_is_all_right_is_verified(talk: Talk) -> None:
    heard = talk.line()
    assert (heard.verified, heard.doubt, heard.answerable) == (True, "", True)
    assert (heard.channel, heard.nick, heard.account) == ("#ops", "bo-sre", "bo-sre")
    assert (heard.text, heard.message_id) == ("!confirm E17 plum-otter", "id1")


def test_a_line_is_judged_by_how_everything_stood_when_it_was_heard(talk: Talk) -> None:
    good = talk.line()
    talk.server(":irc.example.org CAP * DEL :account-tag", ":tocsin!bot@host.example.org NICK bo-sre")
    bad = talk.line()
    talk.server(":irc.example.org CAP * ACK :account-tag")
    talk.pass_time(60)
    talk.session.lost("the connection broke")
    assert good.verified
    assert not bad.verified
    talk.session.start(talk.now)
    talk.ready()
    assert (good.verified, bad.verified, good.answerable) == (True, False, True)


def test_the_account_counts_and_not_the_nick(talk: Talk) -> None:
    heard = talk.heard(f"@account=bo-sre;time={talk.stamp()} :042AAAAAB!x@y PRIVMSG #ops :!go")
    assert (heard.verified, heard.nick, heard.account) == (True, "042AAAAAB", "bo-sre")


def test_a_private_line_is_verified_and_belongs_to_no_channel(talk: Talk) -> None:
    heard = talk.line(target="TOCSIN")
    assert (heard.verified, heard.channel) == (True, None)


def test_the_channel_is_compared_as_the_network_compares(talk: Talk) -> None:
    assert talk.line(target="#OPS").channel == "#ops"


def test_a_line_somewhere_else_does_not_count(talk: Talk) -> None:
    heard = talk.line(target="#other")
    assert (heard.verified, heard.answerable, heard.channel) == (False, False, "#other")
    assert not talk.line(target="$*.example.org").verified


def test_a_line_in_a_batch_does_not_count_and_is_not_answered(talk: Talk) -> None:
    talk.server("BATCH +h chathistory #ops")
    heard = talk.line(batch="h")
    assert (heard.verified, heard.answerable) == (False, False)
    assert "history" in heard.doubt


def test_a_line_in_a_nested_batch_does_not_count(talk: Talk) -> None:
    talk.server("BATCH +h chathistory #ops", "@batch=h BATCH +i labeled-response")
    assert not talk.line(batch="i").verified


def test_a_line_in_a_batch_that_was_never_opened_or_is_closed_does_not_count(talk: Talk) -> None:
    assert not talk.line(batch="zz").verified
    talk.server("BATCH +h netjoin a.example.org b.example.org", "BATCH -h")
    assert not talk.line(batch="h").verified


def test_one_message_id_counts_once(talk: Talk) -> None:
    assert talk.line(msgid="same").verified
    again = talk.line(msgid="same")
    assert (again.verified, again.answerable) == (False, False)


def test_a_message_id_is_remembered_across_connections(talk: Talk) -> None:
    assert talk.line(msgid="same").verified
    talk.session.lost("the connection broke")
    talk.session.start(talk.now)
    talk.ready()
    assert not talk.line(msgid="same").verified


def test_what_was_said_before_we_joined_is_not_answered(talk: Talk) -> None:
    heard = talk.line(time=talk.stamp(-5))
    assert (heard.verified, heard.answerable) == (False, False)


def test_a_relayed_line_does_not_count(talk: Talk) -> None:
    heard = talk.line(**{"draft/relaymsg": "mallory"})
    assert (heard.verified, heard.answerable) == (False, True)
    assert "relayed" in heard.doubt


@pytest.mark.parametrize("source", ["", ":irc.example.org ", ":bo-sre ", ":!bo@sre ", ":bo-@sre!b "])
def test_a_line_without_a_person_behind_it_does_not_count(talk: Talk, source: str) -> None:
    heard = talk.heard(f"@account=bo-sre;time={talk.stamp()} {source}PRIVMSG #ops :!confirm E17 plum-otter")
    assert (heard.verified, heard.answerable) == (False, False)


def test_a_line_under_our_name_or_account_does_not_count(talk: Talk) -> None:
    ours = talk.heard(f"@account=x;time={talk.stamp()} :ToCsIn!x@y PRIVMSG #ops :E17 is confirmed")
    assert (ours.verified, ours.answerable) == (False, False)
    assert not talk.line(account="tocsin").verified


def test_our_own_echo_is_no_line_that_was_heard(talk: Talk) -> None:
    talk.session.say("#ops", "E17 is ready")
    talk.out()
    events = talk.server(f"@time={talk.stamp()};account=tocsin :tocsin!bot@h PRIVMSG #ops :E17 is ready")
    assert events == [Echoed("#ops", "E17 is ready", "E17 is ready", True)]


def test_bots_and_bridges_on_the_list_do_not_count_and_are_not_answered(talk: Talk) -> None:
    heard = talk.line(account="Bridge-Bot")
    assert (heard.verified, heard.answerable) == (False, False)
    relay = talk.heard(f"@account=ada;time={talk.stamp()} :relay{{M}}!x@y PRIVMSG #ops :!go")
    assert (relay.verified, relay.answerable) == (False, False)


@pytest.mark.parametrize("text", ["\x01ACTION !go\x01", "\x01VERSION\x01", "\x01"])
def test_an_action_does_not_count(talk: Talk, text: str) -> None:
    assert "plain line" in talk.line(text).doubt


@pytest.mark.parametrize("target", ["@#ops", "+#ops", "@+#ops"])
def test_a_line_to_some_of_the_channel_does_not_count(talk: Talk, target: str) -> None:
    heard = talk.line(target=target)
    assert (heard.verified, heard.channel) == (False, "#ops")
    assert "only some heard that; say it in #ops" in heard.doubt


def test_a_notice_is_not_a_line_at_all(talk: Talk) -> None:
    assert talk.server(f"@account=bo-sre;time={talk.stamp()} :bo-sre!bo@sre NOTICE #ops :!confirm E17 plum-otter") == []


@pytest.mark.parametrize("capability", ["sasl", "account-tag", "server-time", "message-tags", "batch"])
def test_nothing_counts_while_a_required_capability_is_gone(talk: Talk, capability: str) -> None:
    events = talk.server(f":irc.example.org CAP tocsin DEL :{capability}")
    assert [type(event) for event in events] == [Degraded]
    assert capability in talk.line().doubt
    talk.server(f":irc.example.org CAP tocsin NEW :{capability}")
    assert talk.out() == [f"CAP REQ {capability}"]
    assert not talk.line().verified
    assert talk.server(f":irc.example.org CAP tocsin ACK :{capability}") == [Recovered()]
    assert talk.line().verified


def test_a_wished_capability_that_goes_changes_nothing(talk: Talk) -> None:
    assert talk.server(":irc.example.org CAP tocsin DEL :echo-message away-notify") == []
    assert talk.line().verified


def test_nothing_counts_while_the_bot_itself_is_signed_out(talk: Talk) -> None:
    (degraded,) = talk.server(":irc.example.org 901 tocsin tocsin!bot@h :You are now logged out")
    assert isinstance(degraded, Degraded)
    assert "not signed in" in talk.line().doubt


def test_nothing_counts_from_a_split_until_a_minute_after_its_end(talk: Talk) -> None:
    talk.server(":ada!a@h QUIT :irc1.example.org irc2.example.org")
    assert "split" in talk.line().doubt
    talk.pass_time(120, step=10)
    assert not talk.line().verified
    talk.server(":ada!a@h JOIN #ops ada :Ada")
    talk.pass_time(59)
    assert not talk.line().verified
    talk.pass_time(3)
    assert talk.line().verified


def test_two_equal_account_tags_are_one(talk: Talk) -> None:
    heard = talk.heard(f"@account=bo-sre;time={talk.stamp()};account=bo-sre :bo-sre!b@h PRIVMSG #ops :!go")
    assert heard.verified


def test_two_different_account_tags_are_nobodys(talk: Talk) -> None:
    heard = talk.heard(f"@account=bo-sre;time={talk.stamp()};account=mallory :bo-sre!b@h PRIVMSG #ops :!go")
    assert (heard.verified, heard.account) == (False, None)
    assert "two accounts" in heard.doubt


@pytest.mark.parametrize("tags", ["", "account;", "account=;", "account=*;", "+account=bo-sre;", "Account=bo-sre;"])
def test_without_an_account_tag_the_person_is_told_to_log_in(talk: Talk, tags: str) -> None:
    heard = talk.heard(f"@{tags}time={talk.stamp()} :bo-sre!bo@sre.example.org PRIVMSG #ops :!go")
    assert (heard.verified, heard.doubt, heard.answerable) == (False, LOG_IN, True)


def test_an_account_known_from_elsewhere_is_not_an_account_tag(talk: Talk) -> None:
    talk.server(":lin!l@h JOIN #ops lin :Lin", ":lin!l@h ACCOUNT lin", ":x 354 tocsin 42 #ops l h lin H lin")
    heard = talk.heard(f"@time={talk.stamp()} :lin!l@h PRIVMSG #ops :!go")
    assert (heard.verified, heard.account) == (False, None)


@pytest.mark.parametrize("time", ["", "yesterday", "2026-11-23T02:00:01", "2026-11-23T02:00:60.000Z"])
def test_without_a_readable_time_a_line_does_not_count(talk: Talk, time: str) -> None:
    assert "did not say when" in talk.line(time=time).doubt


def test_a_line_counts_for_half_a_minute_and_not_longer(talk: Talk) -> None:
    talk.pass_time(60)
    assert talk.line(time=talk.stamp(-30)).verified
    assert "last 30 s" in talk.line(time=talk.stamp(-31)).doubt
    assert "last 30 s" in talk.line(time=talk.stamp(31)).doubt


def test_a_line_that_the_network_may_have_cut_does_not_count(talk: Talk) -> None:
    head = len(":bo-sre!bo@sre.example.org PRIVMSG #ops :\r\n")
    assert talk.line("x" * (504 - head)).verified
    assert "cut by the network" in talk.line("x" * (505 - head)).doubt


def test_tags_do_not_make_a_line_long(talk: Talk) -> None:
    assert talk.line(**{"+x": "y" * 4000}).verified


@pytest.mark.parametrize("text", ["!con\x02firm E17", "!go\x0f", "!go\x0304", "!go\t", "!g\ro", "!go\x7f"])
def test_a_line_with_control_characters_does_not_count(talk: Talk, text: str) -> None:
    assert "control characters" in talk.line(text).doubt


def test_letters_that_look_alike_are_left_to_the_grammar(talk: Talk) -> None:
    odd = "!\N{CYRILLIC SMALL LETTER ES}onfirm \N{RIGHT-TO-LEFT OVERRIDE}E17"
    assert talk.line(odd).text == odd


def test_without_voice_the_bot_says_so_where_voice_is_required() -> None:
    talk = Talk(replace(SETTINGS, voice_required=True))
    talk.sign_on()
    talk.join()
    assert talk.session.degraded is None
    (degraded,) = talk.server(":ada!a@h MODE #ops -v+b tocsin *!*@x")
    remedy = "whoever may change its rights there types: /msg ChanServ FLAGS #ops tocsin +V"
    assert degraded == Degraded(f"the bot has no voice (+v) in #ops; {remedy}")


def test_out_of_the_channel_the_bot_is_degraded_and_says_which(talk: Talk) -> None:
    events = talk.server(":ada!a@h KICK #ops tocsin :out")
    assert events == [ChannelLost("#ops", "ada kicked the bot: out"), Degraded("the bot is not in #ops")]


def test_a_server_without_accounts_verifies_nothing() -> None:
    talk = Talk(replace(SETTINGS, join_without_accounts=True))
    talk.server(":s CAP * LS :multi-prefix", ":s 001 tocsin :Welcome")
    talk.join()
    heard = talk.heard(f"@account=bo-sre;time={talk.stamp()} :bo-sre!b@h PRIVMSG #ops :!go")
    assert (heard.verified, heard.answerable) == (False, True)
    assert "nobody can be known here" in heard.doubt


def test_every_clause_has_a_sentence_of_its_own() -> None:
    clauses = [*UNANSWERED, *ANSWERED]
    assert all(clause.__doc__ for clause in clauses)
    assert len(set(clauses)) == len(clauses) == 17


def test_a_split_is_told_once() -> None:
    talk = Talk().ready()
    events = talk.server(
        ":irc.example.org BATCH +s netsplit irc1.example.org irc2.example.org",
        "@batch=s :ada!a@h QUIT :*.net *.split",
        ":irc.example.org BATCH -s",
    )
    assert sum(isinstance(event, SplitBegan) for event in events) == 1
