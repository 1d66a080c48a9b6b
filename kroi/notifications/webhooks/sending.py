"""One HTTP request to an address that somebody typed: only to the open internet, and never for long.

The name is looked up once, every address of it is checked, and the connection goes to the checked address itself, so
that a name which means something else a moment later leads nowhere. Redirects are refused, the answer is not read.
"""

import contextlib
import http.client
import socket
import ssl
import threading
from urllib.parse import urlsplit

from kroi.notifications.delivery.carriers import NotCarried
from kroi.notifications.webhooks import rules

TIMEOUT = 5.0  # seconds for one step
DEADLINE = 10.0  # seconds for all of it
_CONTEXT = ssl.create_default_context()


def send(url: str, content: bytes, headers: dict[str, str], *, private: bool) -> None:
    """POST `content` as JSON. Raises NotCarried with a code when it was not taken."""
    refused = rules.refusal(url, private=private)
    if refused:
        raise NotCarried(f"webhook {refused}", permanent=True)
    try:
        status = _post(url, content, headers, private)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NotCarried(f"webhook {type(error).__name__}") from None
    if 300 <= status < 400:
        raise NotCarried("webhook redirect", permanent=True)
    if not 200 <= status < 300:
        raise NotCarried(f"webhook {status}", permanent=status == 410)


def _post(url: str, content: bytes, headers: dict[str, str], private: bool) -> int:
    parts = urlsplit(url)
    host, secure = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    held = [socket.create_connection((_checked_address(host, port, private), port), timeout=TIMEOUT)]
    watch = threading.Timer(DEADLINE, _hang_up, [held])
    watch.daemon = True
    watch.start()
    try:
        if secure:
            held[0] = wrapped = _CONTEXT.wrap_socket(held[0], server_hostname=host, do_handshake_on_connect=False)
            wrapped.do_handshake()
        connection = http.client.HTTPConnection(host, port, timeout=TIMEOUT)
        connection.sock = held[0]
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path, content, {**headers, "Content-Type": "application/json"})
        return connection.getresponse().status
    finally:
        watch.cancel()
        held[0].close()


def _hang_up(held: list[socket.socket]) -> None:
    """End it, wherever it hangs: a server may drip a byte now and then for ever."""
    with contextlib.suppress(OSError):
        held[0].shutdown(socket.SHUT_RDWR)


def _checked_address(host: str, port: int, private: bool) -> str:
    """A numeric address of this host; raises NotCarried when any of its addresses is not public."""
    found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not found or (not private and not all(rules.is_public(each) for each in found)):
        raise NotCarried("webhook private", permanent=True)
    return found[0]
