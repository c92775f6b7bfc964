"""What a site answers to somebody who asked too often: a limit must never be taken for *that is not there*."""

from datetime import UTC, datetime, timedelta
from typing import Final

import httpx2

TOO_OFTEN: Final = (403, 429)
"""GitHub says either; a 403 alone may as well mean that something is hidden from us."""
LEFT: Final = ("x-ratelimit-remaining", "ratelimit-remaining")
ENDS: Final = ("x-ratelimit-reset", "ratelimit-reset")
IN_WORDS: Final = b"rate limit"
LONGEST_WAIT: Final = timedelta(days=1)


def why_limited(answer: httpx2.Response, content: bytes) -> str:
    """Say that a site lets us ask no more for now, and until when, as far as it tells; empty where it does."""
    headers = answer.headers
    if answer.status_code not in TOO_OFTEN:
        return ""
    spent = any(headers.get(name) == "0" for name in LEFT) or "retry-after" in headers
    if answer.status_code != httpx2.codes.TOO_MANY_REQUESTS and not spent and IN_WORDS not in content.lower():
        return ""
    again = _again(headers, datetime.now(UTC))
    return f"we asked it too often, and may ask again {f'at {again:%H:%M} UTC' if again else 'in a few minutes'}"


def _again(headers: httpx2.Headers, now: datetime) -> datetime | None:
    """It tells either how many seconds to wait, or the time, in seconds of 1970."""
    wait = headers.get("retry-after", "")
    ends = next((headers[name] for name in ENDS if name in headers), "")
    if _is_count(wait):
        return now + min(timedelta(seconds=int(wait)), LONGEST_WAIT)
    if _is_count(ends) and now <= (then := datetime.fromtimestamp(int(ends), UTC)) <= now + LONGEST_WAIT:
        return then
    return None


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 10
