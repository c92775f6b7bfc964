"""Who is in teams by another system's word, as last told: a file of mode 0600, replaced as a whole."""

import json
import os
from datetime import datetime
from pathlib import Path

import structlog

from tocsin.domain.people import TeamId
from tocsin.service.ports import Membership

log = structlog.get_logger()


class MembersFile:
    """The last answer; of a file that is gone or torn nothing is believed."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def last(self) -> Membership | None:
        """Return what was kept last, or nothing."""
        try:
            kept = json.loads(self._path.read_bytes())
            at = datetime.fromisoformat(kept["at"])
            groups = {TeamId(team): str(group) for team, group in kept["groups"].items()}
            members = {TeamId(team): frozenset(map(str, names)) for team, names in kept["members"].items()}
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            log.warning("who was in the teams was not kept", path=str(self._path), why=repr(error))
            return None
        return Membership(at, groups, members) if at.tzinfo else None

    def keep(self, answer: Membership) -> None:
        """Keep an answer; a full disk costs what a restart during an outage would have known, and nothing else."""
        members = {team: sorted(names) for team, names in answer.members.items()}
        kept = {"at": answer.at.isoformat(), "groups": dict(answer.groups), "members": members}
        fresh = self._path.with_suffix(".fresh")
        try:
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                json.dump(kept, file, ensure_ascii=False)
            fresh.replace(self._path)
        except OSError as error:
            log.warning("who is in the teams was not kept", path=str(self._path), why=str(error))
