"""A missing part is never passed over in silence."""

import pytest

from tests.conftest import require_package


@pytest.fixture(autouse=True)
def nothing_demanded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TOCSIN_REQUIRE_ALL", raising=False)


def test_a_part_that_is_there_is_no_reason_to_stop() -> None:
    require_package("inspircd", present=True)


def test_a_missing_part_skips_with_the_name_of_its_package() -> None:
    with pytest.raises(pytest.skip.Exception, match=r"^Not installed: apt-get install inspircd$"):
        require_package("inspircd", present=None)


def test_where_all_parts_must_be_there_a_missing_one_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_REQUIRE_ALL", "1")
    with pytest.raises(pytest.fail.Exception, match="inspircd"):
        require_package("inspircd", present=False)


async def test_an_asynchronous_test_runs_without_being_marked(anyio_backend_name: str) -> None:
    assert anyio_backend_name == "asyncio"
