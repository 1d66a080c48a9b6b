"""Where a webhook may go, what it carries, and how it is signed."""

import hmac
import ipaddress
import json
import re
import socket
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

PORTS = (443, 8443)  # with WEBHOOKS_PRIVATE any
MOST_URL = 500
_EMBEDDED = (
    ipaddress.ip_network("64:ff9b::/96"),
    ipaddress.ip_network("::/96"),
    ipaddress.ip_network("::ffff:0:0:0/96"),
)
_HOST = re.compile(r"[a-z0-9._-]{1,253}|\[[0-9a-f:.]+\]")
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def is_public(address: str) -> bool:
    """Is this numeric address on the open internet? An IPv4 address inside an IPv6 one counts as what it is."""
    try:
        found: Address = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    inner = _inner(found)
    if inner is not None:
        return _is_open(inner)
    return _is_open(found)


def _is_open(address: Address) -> bool:
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def _inner(address: Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 one stands for: mapped, translated, 6to4 or Teredo."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address.ipv4_mapped or address.sixtofour:
        return address.ipv4_mapped or address.sixtofour
    if address.teredo:
        return address.teredo[1]
    if any(address in network for network in _EMBEDDED):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return None


def refusal(url: str, *, private: bool) -> str | None:
    """Why this address can be nobody's webhook, as a code; `None` when it may be tried. Asks no name server."""
    try:
        parts = urlsplit(url)
        port, host = parts.port, (parts.hostname or "").rstrip(".")
    except ValueError:
        return "malformed"
    if len(url) > MOST_URL or not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        return "malformed"
    if parts.username is not None or parts.password is not None or parts.fragment or not host:
        return "malformed"
    if parts.scheme not in (("https", "http") if private else ("https",)):
        return "scheme"
    if not private and port is not None and port not in PORTS:
        return "port"
    if not _HOST.fullmatch(f"[{host}]" if ":" in host else host):
        return "malformed"
    return None if private or _may_be_public(host) else "private"


def _may_be_public(host: str) -> bool:
    """Not a number that is private, in any spelling that a system takes: 127.1, 0x7f000001, 2130706433."""
    if ":" in host:
        return is_public(host)
    try:
        return is_public(socket.inet_ntoa(socket.inet_aton(host)))
    except OSError:
        return "." in host and not host.endswith((".localhost", ".local", ".internal", ".home.arpa"))


def body(delivery: str, event: str, at: datetime, facts: dict[str, Any]) -> bytes:
    """What is sent: canonical JSON; `delivery` is the same for each attempt."""
    said = {"id": delivery, "event": event, "at": at.isoformat(timespec="seconds"), **facts}
    return json.dumps(said, ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode("ascii")


def signature(secret: str, timestamp: int, content: bytes) -> str:
    """HMAC-SHA256 over timestamp (Unix seconds), a dot, and the body."""
    return hmac.new(secret.encode(), f"{timestamp}.".encode() + content, "sha256").hexdigest()
