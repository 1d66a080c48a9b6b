"""How many bytes a page brings."""

import gzip
import re

from tests.benchmarks.bench import Bench
from tests.benchmarks.figures import row
from tests.benchmarks.servers import BROWSER, Served, serving

_MARKUP, _SCRIPT = 15.0, 18.5  # kB
_GZIP = {**BROWSER, "Accept-Encoding": "gzip"}
_SHEETS, _SCRIPTS = rb'<link rel="stylesheet" href="([^"]+)"', rb'(?:<script src|data-later)="([^"]+)"'


def measure(bench: Bench) -> None:
    """HTML with style sheets, and scripts, as gzip sends them."""
    ours, shoppers = bench.kroi(bench.base), bench.shoppers(bench.base, "weights")
    pages = {"Home page": "/", "Listing": "/cars/", "Filtered listing": next(shoppers.many())}
    pages["Car page"] = shoppers.slugs()[0]
    with serving(ours):
        scripts = 0.0
        for name, path in pages.items():
            answer = ours.get(path, _GZIP)
            page = _plain(answer.body, answer.headers)
            scripts = max(scripts, _linked(ours, page, _SCRIPTS))
            bench.rows.append(row(f"bytes/{name}", f"{name}: HTML and CSS, gzipped", bench.engine, bench.base,
                                  len(answer.body) / 1000 + _linked(ours, page, _SHEETS), unit="kB",
                                  limit=_MARKUP))  # fmt: skip
        bench.rows.append(row("bytes/scripts", "Scripts of a page at most, gzipped", bench.engine, bench.base, scripts,
                              unit="kB", limit=_SCRIPT))  # fmt: skip


def _linked(server: Served, page: bytes, pattern: bytes) -> float:
    """kB of what the page links to."""
    return sum(len(server.get(path.decode(), _GZIP).body) for path in re.findall(pattern, page)) / 1000


def _plain(body: bytes, headers: dict[str, str]) -> bytes:
    return gzip.decompress(body) if headers.get("content-encoding") == "gzip" else body
