"""What a Gerrit runs on: a Java new enough, found, and its own jars, fetched by Maven and kept where it keeps them."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

VERSION = "3.13.5"
OLDEST_JAVA = 21
FETCH_SECONDS = 240.0
STORE = Path.home() / ".m2" / "repository"
JAVAS = Path("/usr/lib/jvm")


@dataclass(frozen=True, slots=True)
class Jar:
    """A jar by its coordinates."""

    group: str
    artifact: str
    version: str

    def __str__(self) -> str:
        return f"{self.group}:{self.artifact}:{self.version}"

    @property
    def path(self) -> Path:
        """Where Maven keeps it."""
        folder = STORE.joinpath(*self.group.split("."), self.artifact, self.version)
        return folder / f"{self.artifact}-{self.version}.jar"


JARS = (
    # The first has the server; the second the programs that start it, and a few of the server's classes once more.
    Jar("com.google.gerrit", "gerrit-plugin-api", VERSION),
    Jar("com.google.gerrit", "gerrit-acceptance-framework", VERSION),
    *(Jar("org.bouncycastle", f"{part}-jdk18on", "1.80") for part in ("bcprov", "bcpg", "bcpkix", "bcutil")),
)


def missing() -> str | None:
    """Name what keeps a Gerrit from running here, or nothing when it can; fetches the jars that are not there yet."""
    if java() is None:
        return f"a Java of version {OLDEST_JAVA} or later"
    absent = [jar for jar in JARS if not jar.path.exists()]
    if absent and shutil.which("mvn") is None:
        return "Maven, to fetch Gerrit's jars (apt-get install maven)"
    unfetched = [str(jar) for jar in absent if not _fetch(jar)]
    return f"jars that Maven could not fetch: {', '.join(unfetched)}" if unfetched else None


def java() -> str | None:
    """Return the newest Java of this machine that is new enough; what `java` itself starts may be older."""
    found = max(((_version(home), str(home / "bin" / "java")) for home in _homes()), default=(0, ""))
    return found[1] if found[0] >= OLDEST_JAVA else None


def command(*words: str) -> list[str]:
    """Return how to start one of Gerrit's programs: `command("Daemon", "-d", "site")`."""
    newest = java()
    assert newest, "nothing starts without a Java: ask `missing` first"
    # It lives for a minute or two: a compiler and a collector that start at once are worth more than fast ones.
    quick = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-UsePerfData", "-Xmx512m"]
    jars = os.pathsep.join(str(jar.path) for jar in JARS)
    return [newest, *quick, "-cp", jars, "com.google.gerrit.launcher.GerritLauncher", *words]


def _fetch(jar: Jar) -> bool:
    words = [f"-Dmaven.repo.local={STORE}", f"-Dartifact={jar}", "-Dtransitive=false"]
    try:
        subprocess.run(["mvn", "-B", "-q", "dependency:get", *words], capture_output=True, timeout=FETCH_SECONDS)
    except subprocess.TimeoutExpired:
        return False
    return jar.path.exists()


def _homes() -> Iterator[Path]:
    if named := os.environ.get("JAVA_HOME"):
        yield Path(named)
    if on_path := shutil.which("java"):
        yield Path(on_path).resolve().parent.parent
    yield from (program.parent.parent for program in sorted(JAVAS.glob("*/bin/java")))


def _version(home: Path) -> int:
    """Read the version from the file that each Java has beside it; one without such a file is as old as can be."""
    release = home / "release"
    told = re.search(r'^JAVA_VERSION="(\d+)', release.read_text(), re.MULTILINE) if release.is_file() else None
    return int(told[1]) if told and (home / "bin" / "java").is_file() else 0
