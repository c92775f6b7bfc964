"""What the process says at its end, the same for every command and every version."""

from types import MappingProxyType

DONE = 0
REFUSED = 1
"""The rules say no, or what was verified does not hold."""
USAGE = 2
"""As click has it."""
UNREACHABLE = 3
UNKNOWN = 4
UNRECORDED = 5
MISCONFIGURED = 6
BROKEN = 7
UNWRITTEN = 8
"""What was to be written could not be: a full disk, a closed pipe, a file that is there already."""
INTERRUPTED = 130
"""As shells have it for Ctrl-C."""

BY_OUTCOME = MappingProxyType(
    {
        "done": DONE,
        "told": DONE,
        "refused": REFUSED,
        "repeated": REFUSED,
        "conflict": REFUSED,
        "malformed": USAGE,
        "unreachable": UNREACHABLE,
        "unknown": UNKNOWN,
        "unrecorded": UNRECORDED,
        "broken": BROKEN,
    }
)
"""Each outcome of an act or question, and what the process then ends with."""
