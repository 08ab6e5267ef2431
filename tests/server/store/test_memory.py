import pytest

from server.store import Store
from server.store.memory import MemoryStore
from tests.server.store.contract import StoreContract


class TestMemoryStore(StoreContract):
    @pytest.fixture
    def store(self) -> Store:
        return MemoryStore()
