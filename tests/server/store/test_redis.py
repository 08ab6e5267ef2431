import pytest

from server.store import Store
from server.store.redis.store import RedisStore
from tests.server.store.contract import StoreContract
from tests.support.redis_servers import cluster, prefix, shared


class TestRedisStore(StoreContract):
    @pytest.fixture
    def store(self) -> Store:
        return RedisStore(shared().url, prefix=prefix())


class TestRedisClusterStore(StoreContract):
    @pytest.fixture
    def store(self) -> Store:
        return RedisStore(cluster()[1].url, prefix=prefix())
