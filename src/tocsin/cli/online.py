"""What was seen on IRC, held against the configuration: what is good, what deserves a look, and what must be mended."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from tocsin.cli import exits
from tocsin.config.loading import Loaded
from tocsin.config.names import fold
from tocsin.domain.people import Account, PersonId
from tocsin.irc.checking import AccountSeen, ChannelSeen, DoorSeen, Seen
from tocsin.irc.identities import is_pinned


@dataclass(slots=True)
class Verdict:
    """All of it in sentences; `plain` is the same for programs."""

    good: list[str] = field(default_factory=list)
    hints: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    plain: dict[str, Any] = field(default_factory=dict)
    reachable: bool = True

    @property
    def code(self) -> int:
        """Return what the process ends with."""
        if not self.reachable:
            return exits.UNREACHABLE
        return exits.MISCONFIGURED if self.problems else exits.DONE


def pinned_accounts(loaded: Loaded) -> list[str]:
    """Return the accounts that services are asked about: those that are pinned."""
    return [account.name for _, account in _accounts(loaded) if account.registration]


def judged(seen: Seen, loaded: Loaded) -> Verdict:
    """Hold what was seen against the configuration."""
    verdict = Verdict(reachable=seen.open_door is not None)
    irc = loaded.settings.irc
    assert irc is not None, "without IRC there is nothing to judge"
    for door in seen.doors:
        _judge_door(door, irc.nick, verdict)
    account = irc.sign_in.account if irc.sign_in else irc.nick
    for channel in seen.channels:
        _judge_channel(channel, account, verdict, voice_required=irc.voice_required)
    _judge_accounts(seen, loaded, verdict)
    if not seen.in_time:
        verdict.problems.append("The time was over before all was looked at: give it more with --limit.")
    verdict.plain = {
        "servers": [asdict(each) for each in seen.doors],
        "channels": [asdict(each) for each in seen.channels],
        "accounts": [{"name": each.name, "registration": each.registration, "why": each.why} for each in seen.accounts],
        "hints": verdict.hints,
        "problems": verdict.problems,
    }
    return verdict


def _judge_door(door: DoorSeen, nick: str, verdict: Verdict) -> None:
    place = f"{door.host}:{door.port}"
    if door.why:
        verdict.problems.append(f"{place}: {door.why}")
        return
    signed_in = f"signed in as {door.account}" if door.account else "not signed in"
    verdict.good.append(f"{place}: connected as {door.nick}, {signed_in}; {' '.join(door.capabilities)}")
    if door.nick != nick:
        verdict.hints.append(f"{place}: the nick {nick} is taken, perhaps by the bot itself; this was {door.nick}.")
    if door.missing:
        lacking = " ".join(door.missing)
        verdict.problems.append(f"{place}: it does not offer {lacking}, so nobody can be known there.")


def _judge_channel(channel: ChannelSeen, account: str, verdict: Verdict, *, voice_required: bool) -> None:
    if not channel.joined:
        verdict.problems.append(f"{channel.name}: cannot join: {channel.why}. Let the bot in, or name another channel.")
    elif channel.voiced:
        verdict.good.append(f"{channel.name}: joined, with voice")
    else:
        ask = f"Ask its operators to voice the bot's account: /msg ChanServ FLAGS {channel.name} {account} +V"
        (verdict.problems if voice_required else verdict.hints).append(f"{channel.name}: joined, without voice. {ask}")


def _judge_accounts(seen: Seen, loaded: Loaded, verdict: Verdict) -> None:
    asked = {fold(each.name): each for each in seen.accounts}
    for person, account in _accounts(loaded):
        found = asked.get(fold(account.name))
        if not account.registration:
            verdict.hints.append(
                f"{person}: the account {account.name} is not pinned and counts for nobody: {_pin(person, account)}"
            )
        elif found:
            _judge_account(person, account, found, verdict)


def _judge_account(person: PersonId, account: Account, found: AccountSeen, verdict: Verdict) -> None:
    """One pinned by its date is refused as soon as services tell entity ids, though it is the same registration."""
    if found.told is None:
        verdict.problems.append(f"{person}: the account {account.name} could not be compared: {_ended(found.why)}")
    elif found.registration == account.registration:
        verdict.good.append(f"{person}: {account.name} is as it was pinned")
    elif is_pinned(account, found.told):
        again = f"services tell its entity id now: {_pin(person, account)}"
        verdict.problems.append(f"{person}: {account.name} is pinned by its date, and {again}")
    else:
        asked = f"Ask {person}; if it is theirs: {_pin(person, account, '--replace ')}"
        verdict.problems.append(
            f"{person}: {account.name} was registered anew since it was pinned (pinned {account.registration},"
            f" now {found.registration or 'hidden'}) and counts for nobody. {asked}"
        )


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith(("?", ".")) else f"{sentence}."


def _pin(person: PersonId, account: Account, option: str = "") -> str:
    return f"tocsin directory pin {option}{person} {account.name}"


def _accounts(loaded: Loaded) -> Iterator[tuple[PersonId, Account]]:
    return ((person.id, account) for person in loaded.directory.people for account in person.accounts)
