"""A browser that speaks TLS to the proxy and trusts only the test's own certificate."""

import http.client
import re
import secrets
import ssl
from dataclasses import dataclass
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as a person reads it."""
        return self.body.decode("utf-8", errors="replace")


class Visitor:
    """Somebody with cookies of their own, at one of the host names."""

    def __init__(self, port: int, certificate: Path, host: str = "localhost") -> None:
        self._port, self._host, self._cookies = port, host, SimpleCookie()
        self._tls = ssl.create_default_context(cafile=str(certificate))

    def get(self, path: str, **headers: str) -> Answer:
        """One page."""
        return self._ask("GET", path, None, headers)

    def post(self, path: str, **fields: str) -> Answer:
        """A form of ours, sent from our page."""
        kind = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
        return self._ask("POST", path, urlencode(fields).encode(), kind)

    def send(self, path: str, field: str, name: str, content: bytes) -> Answer:
        """A file, sent from our page."""
        edge = secrets.token_hex(8)
        head = f'--{edge}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n\r\n'
        body = head.encode() + content + f"\r\n--{edge}--\r\n".encode()
        kind = {"Content-Type": f"multipart/form-data; boundary={edge}", "Sec-Fetch-Site": "same-origin"}
        return self._ask("POST", path, body, kind)

    def field(self, path: str, name: str) -> str:
        """The value that a page's form holds for us to send back."""
        page = self.get(path)
        found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page.text)
        assert found, f"{path} has no {name}: {page.status}"
        return found.group(1)

    def connect(self) -> http.client.HTTPConnection:
        """A fresh connection."""
        return http.client.HTTPSConnection("localhost", self._port, context=self._tls, timeout=120)

    def _ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        connection = self.connect()
        cookies = "; ".join(f"{name}={each.value}" for name, each in self._cookies.items())
        own = {"Host": f"{self._host}:{self._port}", **({"Cookie": cookies} if cookies else {}), **headers}
        try:
            connection.request(method, path, body, own)
            response = connection.getresponse()
            found = Answer(
                response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()
            )
            for set_cookie in response.headers.get_all("Set-Cookie", []):
                self._cookies.load(set_cookie)
        finally:
            connection.close()
        return found
