"""Asking services for a voice in our channels, where one is required; who has none is told by obstacles.

Laws: nothing is asked while services do not know us. Nobody is fought with: where the voice is taken, or not given for
the asking, it is asked for only now and then.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tocsin.irc.capabilities import Send
from tocsin.irc.events import Event, VoiceMissing
from tocsin.irc.network_state import Channel, NetworkState
from tocsin.irc.obstacles import VOICED, no_voice
from tocsin.irc.settings import IrcSettings
from tocsin.irc.waits import is_over

WAITS = (timedelta(seconds=3), timedelta(minutes=1), timedelta(minutes=10))
"""Before the first time, as services often give it unasked; before the second; before each after that."""
NOW_AND_THEN = len(WAITS) - 1


@dataclass(slots=True)
class _Asking:
    """How often a voice was asked for in one stay in a channel, and since when the next time is waited for."""

    stay: Channel
    since: datetime
    asked: int = 0


class Voicing:
    """When to ask for a voice in which channel, on one connection."""

    def __init__(self, settings: IrcSettings, send: Send) -> None:
        self._settings = settings
        self._send = send
        self._askings: dict[str, _Asking] = {}

    def tick(self, network: NetworkState, now: datetime, *, signed_in: bool) -> list[Event]:
        """Ask where it is time; tell of each channel, once a stay, that asking did not help."""
        if not self._settings.voice_required or not signed_in:
            return []
        here = [network.channel(wanted.name) for wanted in self._settings.channels]
        return [event for channel in here if channel for event in self._look_after(channel, now)]

    def _look_after(self, channel: Channel, now: datetime) -> list[Event]:
        asking = self._askings.get(channel.name)
        if asking is None or asking.stay is not channel:
            asking = self._askings[channel.name] = _Asking(channel, now)
        if channel.own_modes & VOICED:
            asking.since, asking.asked = now, NOW_AND_THEN
            return []
        if not is_over(asking.since, WAITS[min(asking.asked, NOW_AND_THEN)], now):
            return []
        in_vain = asking.asked == 1
        asking.since, asking.asked = now, asking.asked + 1
        self._send("PRIVMSG", self._settings.channel_services_nick, f"VOICE {channel.name}")
        return [VoiceMissing(channel.name, no_voice(self._settings, channel.name))] if in_vain else []
