"""The command line over the real API: what one says, the other understands."""

import asyncio
import json

from tests.cli.running import Ended, run
from tests.cli.test_watching import watching
from tests.web.house import House
from tocsin.cli import exits
from tocsin.domain.people import PersonId
from tocsin.service.tokens import Scope


def env_of(house: House, person: str, *scopes: Scope) -> dict[str, str | None]:
    """Return what somebody's shell has set."""
    secret, _ = house.tokens.make(PersonId(person), f"shell-{'-'.join(scopes)}", scopes or Scope)
    return {"TOCSIN_SERVER": f"http://127.0.0.1:{house.settings.port}", "TOCSIN_TOKEN": secret}


async def said(env: dict[str, str | None], *words: str) -> Ended:
    return await asyncio.to_thread(run, "request", *words, env=env)


async def test_a_request_is_taken_on_and_stopped_from_a_shell_elsewhere(house: House) -> None:
    await house.world.ready()
    kim, ada = env_of(house, "kim-releng"), env_of(house, "ada")
    shown = await said(kim, "show", "e1")
    assert (shown.code, shown.err) == (exits.DONE, "")
    assert shown.out.startswith("E1 is ready")
    assert (await said(ada, "here")).code == exits.DONE
    assert (await said(kim, "go", "E1")).code == exits.DONE
    stopped = await said(ada, "stop", "errors", "rise")
    assert (stopped.code, str(house.request.status)) == (exits.DONE, "paused")
    assert "E1" in (await said(ada, "list")).out


async def test_what_is_refused_has_every_reason_and_the_code_of_a_refusal(house: House) -> None:
    await house.world.ready()
    ended = await said(env_of(house, "lin"), "go", "E1")
    assert ended.code == exits.REFUSED
    assert ended.err


async def test_a_token_that_is_too_weak_says_which_scope_it_lacks(house: House) -> None:
    await house.world.ready()
    ended = await said(env_of(house, "ada", Scope.READ), "note", "E1", "it spreads")
    assert ended.code == exits.REFUSED
    assert "no scope request" in ended.err


async def test_a_shell_acts_only_on_what_it_saw(house: House) -> None:
    await house.world.ready()
    ada = env_of(house, "ada")
    seen = json.loads((await said(ada, "list", "--json")).out)["position"]
    assert (await said(ada, "note", "E1", "--expect", str(seen), "first")).code == exits.DONE
    late = await said(ada, "note", "E1", "--expect", str(seen), "second")
    assert late.code == exits.REFUSED
    assert "look, then say it again" in late.err


async def test_what_is_not_there_is_unknown(house: House) -> None:
    assert (await said(env_of(house, "ada"), "show", "E9")).code == exits.UNKNOWN


async def test_a_watch_goes_on_until_the_request_is_over(house: House) -> None:
    await house.world.ready()
    ada = env_of(house, "ada")
    with watching(ada, "E1") as watch:
        await watch.says("E1 is ready")
        assert (await said(ada, "note", "E1", "it", "spreads")).code == exits.DONE
        await watch.says("it spreads")
        assert (await said(ada, "withdraw", "E1")).code == exits.DONE
        assert await watch.ends() == exits.DONE
    assert watch.err == []
