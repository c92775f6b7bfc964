"""Say which files of this checkout name a package registry's host or a path of one machine, or are lock files.

    python tools/check_tree.py

Looks at what git tracks or is about to track, standard library only; what the texts mean is for people to read.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

LOCK_FILES = {
    "uv.lock",
    "pylock.toml",
    "package-lock.json",
    "poetry.lock",
    "yarn.lock",
    "pnpm-lock.yaml",
    "Pipfile.lock",
    "pdm.lock",
    "npm-shrinkwrap.json",
    "bun.lock",
    "bun.lockb",
    "Cargo.lock",
}

# Where packages come from is each place's own affair. Here in two parts, or this file would name them too.
REGISTRIES = (
    ("pypi", "org"),
    ("pythonhosted", "org"),
    ("registry.npmjs", "org"),
    ("npmjs", "com"),
    ("registry.yarnpkg", "com"),
    ("crates", "io"),
    ("proxy.golang", "org"),
    ("sum.golang", "org"),
    ("repo.maven.apache", "org"),
    ("repo1.maven", "org"),
    ("rubygems", "org"),
    ("conda.anaconda", "org"),
    ("unpkg", "com"),
    ("cdn.jsdelivr", "net"),
    ("docker", "io"),
    ("ghcr", "io"),
    ("quay", "io"),
    ("deb.debian", "org"),
    ("security.debian", "org"),
    ("archive.ubuntu", "com"),
)
# No boundary on the left: a host under one of them counts too.
REGISTRY = re.compile(
    "(?:" + "|".join(re.escape(".".join(parts)) for parts in REGISTRIES) + r")(?![\w.-]*\w)", re.IGNORECASE
)

# An absolute path: nothing that could be an earlier part of a path, a word or a URL stands before it.
MACHINE_PATH = re.compile(r"(?<![\w.~}$*/-])/(?:" + "|".join(("work", "farm", "root", "home", "Users")) + r")/[\w.]")


def main() -> int:
    """Print one line for every finding; return 1 if there is any."""
    findings = [finding for path in tree(Path.cwd()) for finding in findings_in(path)]
    for finding in findings:
        print(finding)
    return 1 if findings else 0


def tree(top: Path) -> Iterator[Path]:
    """Yield the files that git tracks under the folder, and those that the next `git add` would."""
    command = ["git", "-C", str(top), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    yield from (top / name for name in sorted(set(listed.split("\0"))) if name and (top / name).is_file())


def findings_in(path: Path) -> Iterator[str]:
    """Yield a sentence for each thing in the file that must not be committed."""
    if path.name in LOCK_FILES:
        yield f"{path}: a lock file names registries; requirements/ has the versions."
    content = path.read_bytes()
    if b"\0" in content:
        return
    for number, line in enumerate(content.decode(errors="replace").splitlines(), start=1):
        if found := REGISTRY.search(line):
            yield f"{path}:{number}: names the package registry {found.group()}."
        if found := MACHINE_PATH.search(line):
            yield f"{path}:{number}: names a path of one machine, {found.group()}..."


if __name__ == "__main__":
    sys.exit(main())
