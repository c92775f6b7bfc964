"""What the record in memory does beyond the contract of all stores: it can be told to be unavailable."""

import pytest

from tests.contracts.test_stores import E1, draft
from tocsin.domain.errors import RecordUnavailable
from tocsin.domain.people import RequestId
from tocsin.storage.memory import MemoryStore


def test_while_it_is_unavailable_it_says_why_and_can_be_read_all_the_same() -> None:
    store = MemoryStore()
    store.append(draft(E1))
    store.unavailable = "the disk is full"
    with pytest.raises(RecordUnavailable, match="the disk is full"):
        store.append(draft(E1, 1))
    assert len(store.read(E1)) == 1
    store.unavailable = ""
    assert store.append(draft(E1, 1))[0].position == 2


def test_carrying_out_without_a_starter_is_a_mistake_of_ours() -> None:
    with pytest.raises(AssertionError, match="starter"):
        MemoryStore().append(draft(E1), RequestId("E1"))
