"""The memory: pages of each dealership, bounded in bytes, forgotten by what changed in the catalogue."""

import threading
from collections import OrderedDict
from collections.abc import Hashable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime

from kroi.web.traces import OTHER

MOST_BYTES = 64_000_000  # of one process
_OVERHEAD = 3_000  # bytes that a page needs beside its text
Headers = list[tuple[str, str]]
Text = tuple[Headers, bytes]


@dataclass
class Page:
    """One page. `texts` holds its body under content codings asked for ("" is none), with all headers of each."""

    dealership_id: int
    status: str
    etag: str
    car_ids: frozenset[int] | None
    since: datetime
    until: datetime
    headers: Headers
    unchanged: Headers
    texts: dict[str, Text] = field(default_factory=dict)
    alive: bool = True
    used: bool = False
    route: str = OTHER

    @property
    def size(self) -> int:
        """Bytes, about."""
        return _OVERHEAD + sum(len(body) for _headers, body in self.texts.values())


@dataclass
class Figures:
    """What happened since the process started. `hits` include `unchanged` (304)."""

    hits: int = 0
    unchanged: int = 0
    misses: int = 0
    forgotten: int = 0
    evicted: int = 0


@dataclass
class Shelf:
    """A dealership's pages, the oldest first, true of this version of its catalogue."""

    version: int
    pages: OrderedDict[Hashable, Page] = field(default_factory=OrderedDict)
    size: int = 0
    figures: Figures = field(default_factory=Figures)


class Shelves:
    """All shelves of this process."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self.size = 0
        self._most = most_bytes
        self._shelves: dict[int, Shelf] = {}
        self._lock = threading.RLock()

    def version(self, dealership_id: int) -> int | None:
        """Of which version of the catalogue the dealership's pages are true; `None` before the first."""
        shelf = self._shelves.get(dealership_id)
        return None if shelf is None else shelf.version

    def find(self, dealership_id: int, key: Hashable, now: datetime) -> Page | None:
        """The page, if it is there and its time is not over."""
        shelf = self._shelves.get(dealership_id)
        page = shelf.pages.get(key) if shelf else None
        return page if page is not None and page.since <= now < page.until else None

    def add(self, key: Hashable, page: Page, version: int) -> bool:
        """Keep a page that was made when the catalogue had this version; not if it has moved on since."""
        with self._lock:
            shelf = self._shelves.setdefault(page.dealership_id, Shelf(version))
            if shelf.version != version:
                return False
            self._drop(shelf, key)
            shelf.pages[key] = page
            self.grow(page, page.size)
            return page.alive

    def grow(self, page: Page, by: int) -> None:
        """The page takes so many bytes more; others go if that is too much."""
        with self._lock:
            shelf = self._shelves.get(page.dealership_id)
            if shelf is None or not page.alive:
                return
            shelf.size += by
            self.size += by
            while self.size > self._most:
                self._evict()

    def move_on(self, dealership_id: int, version: int, changed: frozenset[int] | None) -> None:
        """The catalogue has this version now; pages that show one of the changed cars (`None`: any) are forgotten."""
        with self._lock:
            shelf = self._shelves.setdefault(dealership_id, Shelf(version))
            shelf.version = version
            for key in list(_touched(shelf, changed)):
                self._drop(shelf, key)
                shelf.figures.forgotten += 1

    def clear(self) -> None:
        """Forget everything."""
        for dealership_id, shelf in list(self._shelves.items()):
            self.move_on(dealership_id, shelf.version, None)
        self._shelves.clear()

    def figures(self, dealership_id: int) -> Figures:
        """What happened to the pages of one dealership."""
        shelf = self._shelves.get(dealership_id)
        return Figures() if shelf is None else shelf.figures

    def described(self, dealership_id: int | None = None) -> dict[str, int | float]:
        """For operators: what is there, and what happened; of one dealership, or of all."""
        shelves = [shelf for id_, shelf in self._shelves.items() if dealership_id in (None, id_)]
        happened = {name: sum(getattr(shelf.figures, name) for shelf in shelves) for name in asdict(Figures())}
        seen = happened["hits"] + happened["misses"]
        return {
            **happened,
            "hit_rate": round(happened["hits"] / seen, 4) if seen else 0.0,
            "pages": sum(len(shelf.pages) for shelf in shelves),
            "bytes": sum(shelf.size for shelf in shelves),
            "most_bytes": self._most,
        }

    def _evict(self) -> None:
        """One page less, of the dealership that takes most room: the oldest that nobody wanted since the last look."""
        shelf = max(self._shelves.values(), key=lambda each: each.size)
        key, page = next(iter(shelf.pages.items()))
        if page.used:
            page.used = False
            shelf.pages.move_to_end(key)
            return
        self._drop(shelf, key)
        shelf.figures.evicted += 1

    def _drop(self, shelf: Shelf, key: Hashable) -> None:
        page = shelf.pages.pop(key, None)
        if page is not None:
            page.alive = False
            shelf.size -= page.size
            self.size -= page.size
            page.texts = {}


def _touched(shelf: Shelf, changed: frozenset[int] | None) -> Iterator[Hashable]:
    for key, page in shelf.pages.items():
        if changed is None or (changed and (page.car_ids is None or not page.car_ids.isdisjoint(changed))):
            yield key
