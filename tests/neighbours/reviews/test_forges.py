"""What GitHub and GitLab have in common: how changes are named, who may read them, and sites that do anything else."""

import re
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.neighbours import github_site, gitlab_site
from tests.neighbours.sites import Answer, Site, site
from tocsin.demo.irc_server.certificate import self_signed
from tocsin.domain.change import Verdict
from tocsin.domain.errors import Refused, Unreachable
from tocsin.domain.people import PersonId
from tocsin.neighbours.asking.web import LARGEST_ANSWER_BYTES
from tocsin.neighbours.reviews.forge_naming import Forge
from tocsin.neighbours.reviews.github import GithubReviews, GithubSettings
from tocsin.neighbours.reviews.gitlab import GitlabReviews, GitlabSettings
from tocsin.service.ports import Reviews

GITHUB = Forge("https://github.com", ("example/website", "example/api"), "#", "pull")
GITLAB = Forge("https://gitlab.example.org/lab", ("example/tools/website",), "!", "-/merge_requests")
TOKEN = "t0k3n-of-tocsin"


def nobody(_: str) -> PersonId | None:
    return None


def github_of(served: Site, token: str, seconds: float) -> Reviews:
    settings = GithubSettings(served.address, served.address, (github_site.PROJECT,), token)
    return GithubReviews(settings, nobody, seconds)


def gitlab_of(served: Site, token: str, seconds: float) -> Reviews:
    return GitlabReviews(GitlabSettings(served.address, (gitlab_site.PROJECT,), token), nobody, seconds)


@dataclass(slots=True)
class Shown:
    """A forge that shows one change, 12, and whoever asks it."""

    served: Site
    path: str
    of: Callable[[Site, str, float], Reviews]

    def reviews(self, token: str = "", seconds: float = 5.0) -> Reviews:
        return self.of(self.served, token, seconds)


def lay_out(served: Site, kind: str) -> Shown:
    if kind == "github":
        github_site.GithubSite(served).shows(github_site.pull())
        return Shown(served, f"/repos/{github_site.PROJECT}/pulls/12", github_of)
    gitlab_site.GitlabSite(served).shows(gitlab_site.merge_request())
    return Shown(served, "/api/v4/projects/example%2Ftools%2Fwebsite/merge_requests/12", gitlab_of)


@pytest.fixture(params=["github", "gitlab"])
def shown(request: pytest.FixtureRequest) -> Iterator[Shown]:
    with site() as served:
        yield lay_out(served, request.param)


# --- what people write ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "named",
    [
        "example/api#12",
        "Example/API#12",
        "https://github.com/example/api/pull/12",
        "https://github.com/example/api/pull/12/",
        "https://github.com/example/api/pull/12/files",
        "https://github.com/example/api/pull/12/commits/8f3ac21",
        "https://github.com/example/api/pull/12#issuecomment-17",
        "https://github.com/example/api/pull/12?diff=split#discussion_r1",
        "HTTP://GitHub.com/example/api/pull/12",
    ],
)
def test_a_pull_request_is_named_with_its_repository_or_by_any_address_of_it(named: str) -> None:
    assert GITHUB.meant(named) == ("example/api", 12)


@pytest.mark.parametrize(
    "named",
    [
        "12",
        "12/3",
        "!12",
        "example/tools/website!12",
        "https://gitlab.example.org/lab/example/tools/website/-/merge_requests/12",
        "https://gitlab.example.org/lab/example/tools/website/-/merge_requests/12/diffs?tab=x#note_1",
        "https://gitlab.example.org/lab/example/tools/website/merge_requests/12",
    ],
)
def test_where_there_is_one_project_a_number_will_do(named: str) -> None:
    assert GITLAB.meant(named) == ("example/tools/website", 12)


def test_of_several_repositories_it_must_be_said_which() -> None:
    with pytest.raises(Refused, match=r"say which project's, such as example/website#12, or its address"):
        GITHUB.meant("12")


def test_a_project_that_is_not_configured_is_refused_with_those_that_are() -> None:
    known = "https://github.com/example/website or https://github.com/example/api"
    with pytest.raises(
        Refused, match=f"example/secret is no project that tocsin may ask for: it knows those of {known}"
    ):
        GITHUB.meant("https://github.com/example/secret/pull/12")


def test_of_many_projects_the_first_few_are_named() -> None:
    many = Forge("https://github.com", tuple(f"example/part-{number}" for number in range(30)), "#", "pull")
    with pytest.raises(Refused, match=r"part-0, .*part-3 or 26 more: say which project's, such as example/part-0#12"):
        many.meant("12")


@pytest.mark.parametrize("forge", [GITHUB, GITLAB], ids=["github", "gitlab"])
@pytest.mark.parametrize(
    "named",
    [
        "",
        "0",
        "T1234",
        "12 13",
        "12\n",
        "1234567890",
        "-12",
        "example/api",
        "example/../api#12",
        "example/api#012",
        "https://github.com.evil.example/example/api/pull/12",
        "https://evil.example/github.com/example/api/pull/12",
        "https://github.com/example/api/issues/12",
        "https://github.com/example/../api/pull/12",
        "https://gitlab.example.org/example/tools/website/-/merge_requests/12",
        "https://gitlab.example.org/lab/example/tools/website/-/issues/12",
        "file:///example/api/pull/12",
        "x" * 5000,
    ],
)
def test_what_is_no_change_there_is_refused_with_what_to_type(forge: Forge, named: str) -> None:
    with pytest.raises(Refused, match=f"{forge.projects[0]}{forge.mark}12, or its address") as refused:
        forge.meant(named)
    [sentence] = refused.value.reasons
    assert sentence.isprintable()
    assert len(sentence) < 300


# --- who may read it --------------------------------------------------------------------------------------------------


async def test_without_a_token_what_is_shown_is_public(shown: Shown) -> None:
    assert (await shown.reviews().change("12")).public is Verdict.YES
    assert shown.served.signed_in == []


async def test_what_anybody_is_shown_is_public_and_the_token_does_the_rest(shown: Shown) -> None:
    assert (await shown.reviews(TOKEN).change("12")).public is Verdict.YES
    assert all(TOKEN in each for each in shown.served.signed_in)
    assert len(shown.served.asked) == len(shown.served.signed_in) + 1


async def test_what_only_the_token_is_shown_is_not_public(shown: Shown) -> None:
    shown.served.private = True
    assert (await shown.reviews(TOKEN).change("12")).public is Verdict.NO
    with pytest.raises(Refused, match="that tocsin may read"):
        await shown.reviews().change("12")


async def test_whether_it_is_public_is_not_asked_again_for_a_while(shown: Shown) -> None:
    reviews = shown.reviews(TOKEN)
    first, again = await reviews.change("12"), await reviews.change("12")
    assert (first.public, again) == (Verdict.YES, first)
    assert len(shown.served.asked) == len(shown.served.signed_in) + 1


async def test_what_nobody_was_shown_says_nothing_of_the_project(shown: Shown) -> None:
    reviews = shown.reviews(TOKEN)
    with pytest.raises(Refused):
        await reviews.change("99")
    assert (await reviews.change("12")).public is Verdict.YES


async def test_while_nobody_can_be_asked_as_anybody_it_is_unknown(shown: Shown) -> None:
    """A limit that strikes those without a token must not make a change public, nor keep the token from reading it."""
    answers = dict(shown.served.answers)
    shown.served.private = True
    reviews = shown.reviews(TOKEN)
    shown.served.hidden_as = Answer(b"{}", 429, (("Retry-After", "60"),))
    assert (await reviews.change("12")).public is Verdict.UNKNOWN
    shown.served.answers, shown.served.private = answers, False
    assert (await reviews.change("12")).public is Verdict.YES


async def test_a_site_that_shows_nothing_without_signing_in_is_not_public(shown: Shown) -> None:
    shown.served.private, shown.served.hidden_as = True, Answer(b"{}", 401)
    assert (await shown.reviews(TOKEN).change("12")).public is Verdict.NO
    with pytest.raises(Unreachable, match="shows nothing to those without a token: give it token_file"):
        await shown.reviews().change("12")


async def test_a_token_that_is_not_taken_is_said_and_takes_nothing_away_that_is_public(shown: Shown) -> None:
    shown.served.refused_token = TOKEN
    assert (await shown.reviews(TOKEN).change("12")).public is Verdict.YES
    shown.served.private = True
    with pytest.raises(Unreachable, match=r"does not take our token: has it expired, was it withdrawn\?") as failed:
        await shown.reviews(TOKEN).change("12")
    assert TOKEN not in str(failed.value)


# --- anything else than an answer -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (Answer(b"<!DOCTYPE html><title>Sign in"), "something else than JSON"),
        (Answer(b"[]"), "in a shape that we do not know (no change)"),
        (Answer(b"{}"), "in a shape that we do not know"),
        (Answer(b"[" * 100_000), "something else than JSON"),
        (Answer(b"", 500), "it answered 500"),
        (Answer(b"", 302, (("Location", "http://127.0.0.1:9/"),)), "leads elsewhere, and is not followed"),
        (Answer(b"", 301, (("Location", "/renamed"),)), "leads elsewhere, and is not followed"),
        (Answer(b" " * 10 * 1024 * 1024), f"longer than {LARGEST_ANSWER_BYTES // 1024**2} MiB"),
        (Answer(b"{}", 429), "asked it too often, and may ask again in a few minutes"),
        (Answer(b"{}", 429, (("Retry-After", "60"),)), "asked it too often, and may ask again at "),
        (Answer(b"{}", 429, (("Retry-After", "Wed, 25 Nov 2026 08:00:00 GMT"),)), "again in a few minutes"),
        (Answer(b"{}", 403, (("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", "1"))), "asked it too often"),
        (Answer(b'{"message": "You have exceeded a secondary rate limit"}', 403), "asked it too often"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
@pytest.mark.parametrize("token", ["", TOKEN], ids=["anybody", "token"])
async def test_whatever_else_it_answers_is_no_answer(shown: Shown, answer: Answer, why: str, token: str) -> None:
    shown.served.answers[shown.path] = answer
    with pytest.raises(Unreachable, match=re.escape(why)) as failed:
        await shown.reviews(token).change("12")
    assert TOKEN not in str(failed.value)


async def test_a_403_that_is_no_limit_hides_it(shown: Shown) -> None:
    shown.served.answers[shown.path] = Answer(b'{"message": "Forbidden"}', 403, (("X-RateLimit-Remaining", "59"),))
    with pytest.raises(Refused, match="that tocsin may read"):
        await shown.reviews().change("12")


async def test_one_that_hangs_is_waited_for_no_longer_than_it_may_take(shown: Shown) -> None:
    shown.served.answers[shown.path] = Answer(b"{}", seconds=30)
    with pytest.raises(Unreachable, match=r"did not answer within 0\.2 s"):
        await shown.reviews(seconds=0.2).change("12")


@pytest.mark.parametrize("kind", ["github", "gitlab"])
async def test_a_certificate_that_nobody_vouches_for_is_not_trusted(kind: str, tmp_path: Path) -> None:
    made, file = self_signed(), tmp_path / "both.pem"
    file.write_text(made.certificate_pem + made.key_pem)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(file)
    with site(tls) as served:
        shown = lay_out(served, kind)
        with pytest.raises(Unreachable, match="shows a certificate that is not trusted"):
            await shown.reviews(TOKEN).change("12")
        assert served.asked == []
