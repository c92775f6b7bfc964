#!/bin/sh
# Make .venv, or mend it: every package by its hash, compiled, and this checkout installed editable. Quick when nothing is to be done.
set -eu
cd "$(dirname "$0")/.."
# Set, it would leave the packages uncompiled, and every start would take three times as long.
unset PYTHONDONTWRITEBYTECODE PYTHONPATH PYTHONHOME

# What .venv is made from and where: its programs name their own path, so a copy of the folder does not work elsewhere.
wanted="$(cat pyproject.toml requirements/*.txt tools/set_up.sh | cksum) at $PWD"
stamp=.venv/tocsin-set-up

usable() {
    .venv/bin/python -c '
import pip, sys
sys.exit(not ((3, 11) <= sys.version_info[:2] <= (3, 13)) or sys.prefix == sys.base_prefix)' 2>/dev/null
}

find_python() {
    for name in python3 python3.13 python3.12 python3.11; do
        # Run, not only looked for: a name may stand for a version that is not there.
        if "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then
            echo "$name"
            return
        fi
    done
    echo "Tocsin needs Python 3.11, 3.12 or 3.13, and none of python3, python3.13, python3.12 and python3.11 here is one." >&2
    exit 1
}

# uv brings certificates of its own, and so does not know an organisation's; where the system has some, they count.
trust_the_system() {
    for bundle in /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/ca-bundle.pem /etc/ssl/cert.pem; do
        if [ -s "$bundle" ]; then
            export UV_SYSTEM_CERTS="${UV_SYSTEM_CERTS:-true}"
        fi
    done
}

make_venv() {
    python=$(find_python)
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        echo "This $python cannot make environments. On Debian and Ubuntu: apt-get install python3-venv" >&2
        exit 1
    fi
    echo "Making .venv with $("$python" --version)."
    "$python" -m venv --clear .venv
}

found=$(cat "$stamp" 2>/dev/null || echo none)
if ! usable; then
    make_venv
else
    case "$found" in
    "$wanted")
        # A quick look finds a package that somebody took out.
        if .venv/bin/uv pip check --quiet 2>/dev/null; then
            exit 0
        fi
        ;;
    none | *" at $PWD") ;;
    # Broken off half-way, or brought here from elsewhere: what is there cannot be relied on.
    *) make_venv ;;
    esac
fi

trust_the_system
echo unfinished >"$stamp"
echo "Installing the packages of requirements/dev.txt, each by its hash."
.venv/bin/python -m pip install --quiet --disable-pip-version-check --only-binary :all: --require-hashes -r requirements/installer.txt
install=".venv/bin/uv pip install --quiet --python .venv/bin/python"
$install --require-hashes --only-binary :all: --compile-bytecode -r requirements/dev.txt
$install --no-deps --no-build-isolation --editable .
.venv/bin/python -m compileall -q src
echo "$wanted" >"$stamp"
echo "Set up: .venv is ready."
