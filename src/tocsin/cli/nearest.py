"""What was most likely meant by a word that nobody knows; only ever suggested."""

from collections.abc import Iterable


def did_you_mean(word: str, known: Iterable[str], before: str = "") -> str:
    """Return a question that names the nearest word, as it is to be typed; empty when none is near."""
    import difflib

    names, plain = list(known), word.casefold()
    close = [name for name in names if plain and name.startswith(plain)]
    close = close or difflib.get_close_matches(plain, names, 1, 0.6)
    return f"Did you mean: {before}{close[0]}" if close else ""
