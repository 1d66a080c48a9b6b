"""Where a dealership's pages are, when one installation serves several."""

import re
from functools import lru_cache
from urllib.parse import urlsplit


@lru_cache(maxsize=256)
def site_of(public_url: str, host: str) -> str:
    """Scheme, host and port: under the dealership's own host name if it has one, else at the installation's address."""
    parts = urlsplit(public_url)
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{host}{port}" if host else public_url


def mail_domain(host: str) -> str:
    """A domain for message ids and senders, also when the site has only an address like 127.0.0.1."""
    return host if re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]+", host) else "localhost.localdomain"
