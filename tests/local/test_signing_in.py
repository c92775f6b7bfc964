"""A code for the page is for whom the kernel names, and stands in no record and no log."""

from structlog.testing import capture_logs

from tests.local.office import Office, open_office


async def test_whom_the_kernel_names_is_given_a_code_that_signs_in_them(office: Office) -> None:
    [line] = (await office.becomes("bo-sre").sends({"verb": "sign-in"}))["lines"]
    code, said = line.split(" ", 1)
    assert said == f"signs you in on the page, once, within 5 minutes: https://tocsin.example.org/sign-in#{code}"
    assert len(code.replace("-", "")) >= 8
    assert office.codes.redeem(code, office.world.clock.now()) == "bo-sre"


async def test_each_code_is_another(office: Office) -> None:
    lines = [(await office.sends({"verb": "sign-in"}))["lines"][0] for _ in range(3)]
    assert len(set(lines)) == 3


async def test_whom_the_directory_does_not_know_is_given_none(office: Office) -> None:
    answer = await office.becomes("nobody").sends({"verb": "sign-in"})
    assert answer["outcome"] == "refused"
    assert "#" not in "".join(answer["lines"])


async def test_without_a_page_that_takes_codes_there_is_none() -> None:
    async with open_office(has_page=False) as office:
        answer = await office.sends({"verb": "sign-in"})
    assert answer["outcome"] == "refused"
    assert "[web] in tocsin.toml makes a page, and local = true in it takes codes" in answer["lines"][0]


async def test_a_code_is_neither_recorded_nor_logged(office: Office) -> None:
    with capture_logs() as logs:
        await office.asks()
        [line] = (await office.sends({"verb": "sign-in"}))["lines"]
    code = line.partition(" ")[0]
    assert code not in f"{logs} {[office.world.stored]}"
    assert "sign" not in " ".join(office.world.stored).lower()
