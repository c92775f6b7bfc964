"""Whether the token for the tasks works, and as whom: asked once, when the configuration is checked online."""

from dataclasses import dataclass

from tocsin.cli import exits
from tocsin.config.loading import Loaded
from tocsin.domain.errors import Unreachable
from tocsin.neighbours.tasks.conduit import Conduit, Declined


@dataclass(frozen=True, slots=True)
class TasksSeen:
    """What came of asking: a sentence for people, and for programs the account or why there is none."""

    sentence: str
    plain: dict[str, str]
    code: int


async def tasks_seen(loaded: Loaded) -> TasksSeen | None:
    """Ask who we are where tasks are read; nothing where they are plain links."""
    settings = loaded.settings.phabricator
    if settings is None:
        return None
    system = settings.conduit.system
    try:
        account = await Conduit(settings.conduit).whoami()
    except Unreachable as silent:
        code = exits.MISCONFIGURED if isinstance(silent, Declined) else exits.UNREACHABLE
        return TasksSeen(f"{silent}.", {"site": system, "problem": silent.why}, code)
    return TasksSeen(f"{system}: the token works, as {account}", {"site": system, "account": account}, exits.DONE)
