"""What Redis or Valkey says of itself: memory, hits, and what it threw out."""

import redis

from kroi.operations.upkeep.rules import Cell

_NAMES = {
    "used_memory": "used_bytes",
    "maxmemory": "most_bytes",
    "evicted_keys": "evicted",
    "expired_keys": "expired",
    "keyspace_hits": "hits",
    "keyspace_misses": "misses",
    "connected_clients": "clients",
}


def look(url: str | None) -> dict[str, Cell] | None:
    """Its figures; `None` when there is none, and one word when it does not answer."""
    if url is None:
        return None
    try:
        with redis.Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1) as client:
            told = client.info()
    except redis.RedisError as error:
        return {"answers": False, "why": type(error).__name__}
    assert isinstance(told, dict)
    figures: dict[str, Cell] = {ours: int(told.get(theirs, 0)) for theirs, ours in _NAMES.items()}
    asked = int(told.get("keyspace_hits", 0)) + int(told.get("keyspace_misses", 0))
    rate = int(told.get("keyspace_hits", 0)) / asked if asked else None
    return {"answers": True, **figures, "hit_rate": rate}
