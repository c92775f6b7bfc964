"""Which lines were heard before, by the id that the server gave them."""

from collections import OrderedDict

REMEMBERED = 10_000


class MessageIds:
    """The ids of the latest lines; the oldest is forgotten first."""

    def __init__(self) -> None:
        self._ids: OrderedDict[str, None] = OrderedDict()  # a plain one takes longer and longer to find its oldest

    def is_repeated(self, message_id: str | None) -> bool:
        """Tell whether a line was heard before, and remember it; a line without an id cannot be known again."""
        if not message_id:
            return False
        if message_id in self._ids:
            return True
        if len(self._ids) >= REMEMBERED:
            self._ids.popitem(last=False)
        self._ids[message_id] = None
        return False
