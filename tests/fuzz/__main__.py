"""Fuzz one law, in a process of its own because the fuzzer never returns.

    python -m tests.fuzz words                          # until something breaks; then a file tells what
    python -m tests.fuzz words -max_total_time=60 FOLDER
    python -m tests.fuzz words crash-0123456789abcdef   # that very input again

The options are libFuzzer's. Only code of ours is watched for what it reaches.
"""

import sys

import atheris

with atheris.instrument_imports(include=["tocsin"]):
    from tests.fuzz.laws import LAWS
    from tests.fuzz.planted import PLANTED

if __name__ == "__main__":
    law = {**LAWS, **PLANTED}[sys.argv.pop(1)]
    atheris.Setup(sys.argv, law)
    atheris.Fuzz()
