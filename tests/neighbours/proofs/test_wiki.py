"""What a wiki says of its own versions: commits by deployment-info.php, versions by api.php."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.neighbours.repositories import Repository
from tests.neighbours.sites import Answer, Site, site
from tocsin.domain.plan import DeployedProof, VersionProof
from tocsin.neighbours.proofs.history import Histories
from tocsin.neighbours.proofs.looking import Proofs
from tocsin.service.ports import Sight

SHA = "8f3ac21" + "0" * 33
OTHER = "1f0c6a4" + "0" * 33
CONFIG = "operations/config"
INFO, API = "/w/deployment-info.php", "/w/api.php"


def info(sha: str, branch: str = "main") -> dict[str, Any]:
    core = {"repo": "https://git.example.org/r/wiki/core", "branch": "wmf/1.47.0-wmf.16", "commit_ref": OTHER}
    config = {"repo": f"https://git.example.org/r/{CONFIG}", "branch": branch, "commit_ref": sha}
    return {"dbname": "testwiki", "version": "1.47.0-wmf.16", "checkouts": [core, config]}


def siteinfo(**general: object) -> dict[str, Any]:
    known = {"generator": "MediaWiki 1.47.0-wmf.16", "git-hash": OTHER, "git-branch": "wmf/1.47.0-wmf.16"}
    parts = [{"type": "other", "name": "Painting", "version": "2.1", "vcs-version": SHA[:10]}]
    return {"query": {"general": {**known, **general}, "extensions": parts}}


@pytest.fixture
def wiki() -> Iterator[Site]:
    with site() as served:
        served.says(INFO, info(SHA), before=b"")
        served.says(API, siteinfo(), before=b"")
        yield served


async def looked(wiki: Site, proof: DeployedProof | VersionProof, folder: Path = Path("/nonexistent")) -> Sight:
    return await Proofs(Histories(folder, seconds=20.0)).look(proof)


async def test_the_very_commit_is_live(wiki: Site) -> None:
    sight = await looked(wiki, DeployedProof(wiki.address + INFO, CONFIG, sha=SHA, change="1234"))
    assert sight.live is True
    assert sight.saw.startswith("127.0.0.1: it runs 8f3ac21, at ")


async def test_another_commit_tells_nothing_without_a_history(wiki: Site) -> None:
    wiki.says(INFO, info(OTHER), before=b"")
    sight = await looked(wiki, DeployedProof(wiki.address + INFO, CONFIG, sha=SHA, change="1234"))
    assert sight.live is None
    assert "it runs 1f0c6a4; whether that holds 8f3ac21 is not known here" in sight.saw


async def test_a_later_commit_is_live_and_an_earlier_one_is_not(wiki: Site, tmp_path: Path) -> None:
    repository = Repository(tmp_path / "origin")
    commits = [repository.run(repository.work, "rev-parse", "HEAD")]
    commits += [repository.commit("Mend it", "two\n"), repository.commit("Go on", "three\n")]
    repository.push("refs/heads/main")
    proof = DeployedProof(wiki.address + INFO, CONFIG, str(repository.bare), sha=commits[1], change="1234")
    seen = []
    for shown in commits:
        wiki.says(INFO, info(shown), before=b"")
        seen.append((await looked(wiki, proof, tmp_path / "histories")).live)
    assert seen == [False, True, True]


@pytest.mark.parametrize(
    ("told", "says"),
    [
        (Answer(b"{}", 404), "it has no such page"),
        (Answer(b"[]"), "in a shape that we do not know (no checkouts)"),
        (
            Answer(b'{"checkouts": [7, {"repo": "x/operations/config", "commit_ref": "zz"}]}'),
            "it tells",
        ),
        (Answer(b'{"checkouts": []}'), "it tells of no operations/config"),
        (Answer(b"<html>"), "something else than JSON"),
        (Answer(b"{}", 302, (("Location", "https://elsewhere.example.org/"),)), "it leads elsewhere"),
        (Answer(b"oops", 500), "it answered 500"),
    ],
)
async def test_whatever_else_a_wiki_answers_tells_nothing(wiki: Site, told: Answer, says: str) -> None:
    wiki.answers[INFO] = told
    sight = await looked(wiki, DeployedProof(wiki.address + INFO, CONFIG, sha=SHA, change="1234"))
    assert sight.live is None
    assert says in sight.saw


@pytest.mark.parametrize(
    ("component", "wanted", "live"),
    [
        ("MediaWiki", "1.47.0-wmf.16", True),
        ("MediaWiki", "1.47.0-wmf.15", False),
        ("MediaWiki", OTHER, True),
        ("Painting", "2.1", True),
        ("Painting", SHA, True),
        ("Painting", OTHER, False),
        ("Sculpting", "2.1", None),
    ],
)
async def test_a_version_is_seen_by_number_or_by_commit(
    wiki: Site, component: str, wanted: str, live: bool | None
) -> None:
    sight = await looked(wiki, VersionProof(wiki.address + API, component, wanted))
    assert sight.live is live


async def test_what_was_seen_is_told_with_the_time(wiki: Site) -> None:
    sight = await looked(wiki, VersionProof(wiki.address + API, "Painting", "2.2"))
    assert sight.saw.startswith("127.0.0.1: Painting is 2.1 8f3ac21000, at ")


@pytest.mark.parametrize("told", [{}, {"query": 7}, {"query": {"general": 7}}, []])
async def test_an_api_that_tells_no_siteinfo_tells_nothing(wiki: Site, told: object) -> None:
    wiki.says(API, told, before=b"")
    sight = await looked(wiki, VersionProof(wiki.address + API, "MediaWiki", "1"))
    assert sight.live is None
    assert "no siteinfo" in sight.saw


async def test_a_wiki_that_hangs_is_given_up_and_after_a_few_times_left_alone(
    wiki: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tocsin.neighbours.proofs.looking.ASK_SECONDS", 0.05)
    wiki.answers[INFO] = Answer(b"{}", seconds=60)
    proofs = Proofs(Histories(Path("/nonexistent")))
    proof = DeployedProof(wiki.address + INFO, CONFIG, sha=SHA, change="1234")
    saw = [(await proofs.look(proof)).saw for _ in range(4)]
    assert "did not answer within 0.05 s" in saw[0]
    assert "it has not answered since" in saw[3]
    assert len(wiki.asked) == 3
