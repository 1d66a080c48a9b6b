"""Where a dealership's pages are, when one installation serves several."""

from functools import lru_cache
from urllib.parse import urlsplit


@lru_cache(maxsize=256)
def site_of(public_url: str, host: str) -> str:
    """Scheme, host and port: under the dealership's own host name if it has one, else at the installation's address."""
    parts = urlsplit(public_url)
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{host}{port}" if host else public_url
