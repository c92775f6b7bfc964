"""What every test stands on: one event loop, one way of trying examples, and one answer to a missing part."""

import os
from collections.abc import Callable

import pytest
from hypothesis import settings

Require = Callable[[str, object], None]

settings.register_profile("here", deadline=None, print_blob=True)
# In CI the same examples every time: a change is judged by what it does, not by luck. No folder is left behind.
settings.register_profile("ci", parent=settings.get_profile("here"), derandomize=True, database=None)
settings.load_profile("ci" if os.environ.get("CI") else "here")


def require_package(package: str, present: object) -> None:
    """Go on when the part is present; else skip, naming the Debian package, or fail where all parts must be there."""
    if not present:
        go_without(f"Not installed: apt-get install {package}")


def go_without(sentence: str) -> None:
    """Skip with one sentence that names what is missing, or fail where all parts must be there."""
    if os.environ.get("TOCSIN_REQUIRE_ALL") == "1":
        pytest.fail(sentence, pytrace=False)
    pytest.skip(sentence)


@pytest.fixture(scope="session")
def require() -> Require:
    """Return `require(package, present)`: `require("inspircd", shutil.which("inspircd"))`."""
    return require_package


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Run asynchronous tests on asyncio, as the program itself does."""
    return "asyncio"
