"""Another program that listens to webhooks, on a port of its own."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Listener:
    """What it heard, and what it answers next (then 204)."""

    def __init__(self) -> None:
        self.heard: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[int] = []
        self.drips = False
        self.url = ""

    def said(self) -> list[dict[str, Any]]:
        """The bodies."""
        return [json.loads(body) for _headers, body in self.heard]


@contextmanager
def listening() -> Iterator[Listener]:
    """A program that listens."""
    listener = Listener()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            listener.heard.append((dict(self.headers), body))
            if listener.drips:
                _drip(self)
                return
            status = listener.answers.pop(0) if listener.answers else 204
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", listener.url)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listener.url = f"http://127.0.0.1:{server.server_address[1]}/in"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield listener
    server.shutdown()
    thread.join()
    server.server_close()


def _drip(handler: BaseHTTPRequestHandler) -> None:
    """A byte now and then, for ever."""
    pause = threading.Event()
    try:
        while True:
            handler.wfile.write(b"H")
            handler.wfile.flush()
            pause.wait(0.1)
    except OSError:
        pass
