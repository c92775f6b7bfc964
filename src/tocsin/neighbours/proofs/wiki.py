"""Asking a wiki what it runs: deployment-info.php tells commits, and api.php what is on its page Special:Version.

The shapes: https://www.mediawiki.org/wiki/API:Siteinfo; deployment-info.php is part of operations/mediawiki-config.
"""

import re
from typing import Any, Final

from tocsin.domain.errors import Unreachable
from tocsin.domain.plan import DeployedProof, VersionProof
from tocsin.neighbours.asking.web import Site
from tocsin.neighbours.proofs.history import Held, Histories, Sought

_COMMIT: Final = re.compile(r"[0-9a-f]{40}", re.ASCII)
SHORT: Final = 7
SHORTEST_COMMIT: Final = 7
QUESTION: Final = "action=query&meta=siteinfo&siprop=general%7Cextensions&format=json&formatversion=2"
ITSELF: Final = "MediaWiki"


async def deployed(site: Site, path: str, proof: DeployedProof, histories: Histories) -> Held:
    """Say whether a wiki's deployment holds a change; raises `Unreachable`."""
    told = await site.ask(path)
    if told is None:
        return Held(None, "it has no such page")
    shown, branch = _checkout(site, told, proof.project)
    if shown == proof.sha:
        return Held(True, f"it runs {shown[:SHORT]}")
    if not proof.repository:
        return Held(None, f"it runs {shown[:SHORT]}; whether that holds {proof.sha[:SHORT]} is not known here")
    return await histories.tell(proof.repository, branch, shown, Sought(proof.sha, proof.change))


async def version(site: Site, path: str, proof: VersionProof) -> Held:
    """Say whether a wiki has a version of itself, or of a part of it; raises `Unreachable`."""
    told = await site.ask(f"{path}{'&' if '?' in path else '?'}{QUESTION}")
    names = _versions(site, told, proof.component)
    if not names:
        return Held(None, f"it tells of no {proof.component}")
    live = any(_same(name, proof.version) for name in names)
    return Held(live, f"{proof.component} is {' '.join(name[:20] for name in names)}")


def _checkout(site: Site, told: Any, project: str) -> tuple[str, str]:  # noqa: ANN401 - foreign JSON
    """Return commit and branch of the project's checkout."""
    checkouts = told.get("checkouts") if isinstance(told, dict) else None
    if not isinstance(checkouts, list):
        raise Unreachable(site.system, "it answered in a shape that we do not know (no checkouts)")
    for each in (each for each in checkouts if isinstance(each, dict)):
        repository, branch, sha = (each.get(key) for key in ("repo", "branch", "commit_ref"))
        ours = isinstance(repository, str) and (repository == project or repository.endswith(f"/{project}"))
        if ours and isinstance(sha, str) and _COMMIT.fullmatch(sha) and isinstance(branch, str):
            return sha, branch
    raise Unreachable(site.system, f"it tells of no {project}")


def _versions(site: Site, told: Any, component: str) -> list[str]:  # noqa: ANN401 - foreign JSON
    """Return version and commit of a component, as far as they are told."""
    query = told.get("query") if isinstance(told, dict) else None
    general = query.get("general") if isinstance(query, dict) else None
    if not isinstance(query, dict) or not isinstance(general, dict):
        raise Unreachable(site.system, "it answered in a shape that we do not know (no siteinfo)")
    if component == ITSELF:
        found = [str(general.get("generator", "")).removeprefix(f"{ITSELF} "), general.get("git-hash")]
    else:
        parts = query.get("extensions")
        mine = [each for each in parts if _named(each, component)] if isinstance(parts, list) else []
        found = [each.get(key) for each in mine for key in ("version", "vcs-version")]
    return [each for each in found if isinstance(each, str) and each]


def _named(each: Any, component: str) -> bool:  # noqa: ANN401 - foreign JSON
    return isinstance(each, dict) and each.get("name") == component


def _same(shown: str, wanted: str) -> bool:
    """A commit may be told by its first letters alone."""
    short = len(shown) >= SHORTEST_COMMIT and _COMMIT.fullmatch(wanted) is not None and wanted.startswith(shown)
    return shown == wanted or short
