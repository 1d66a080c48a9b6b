"""How a view says that its page is the same for everybody, what it reads of the query, and which cars it shows."""

import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import ParamSpec

from flask import Response, has_request_context, request

DRAFT = "kroi.pages.draft"  # of the environ: the Draft of the page that is being made
# A browser asks again each time. A CDN may answer for a second, and for one more while it asks: never older than two.
SHARED = "public, max-age=0, s-maxage=1, stale-while-revalidate=1"
Args = ParamSpec("Args")
Reads = Callable[[str], str]


@dataclass
class Draft:
    """What is said of a page while it is made. `car_ids` of `None`: any change of the catalogue changes the page."""

    car_ids: frozenset[int] | None = None
    until: datetime | None = None


def nothing(query: str) -> str:
    """For pages that read no parameter: every query is the empty one."""
    return ""


def kept(reads: Reads = nothing) -> Callable[[Callable[Args, Response]], Callable[Args, Response]]:
    """The view's page is the same for everybody and may be kept: it looks at path, query and HX-Request-Type only.

    `reads` spells the query as the page understands it: two queries that it spells alike are the same page, and the
    view is given that spelling. The page is forgotten at every change of the catalogue, unless it calls `keep`.
    Stands below the route.
    """

    def mark(view: Callable[Args, Response]) -> Callable[Args, Response]:
        @functools.wraps(view)
        def show(*args: Args.args, **kwargs: Args.kwargs) -> Response:
            response = view(*args, **kwargs)
            if response.status_code == 200:
                response.headers.setdefault("Cache-Control", SHARED)
            return response

        show.reads = reads  # type: ignore[attr-defined]  # a mark on the function
        return show

    return mark


def keep(car_ids: Iterable[int]) -> None:
    """The page being made is forgotten when one of these cars changes, and by no other change of the catalogue."""
    if draft := _draft():
        draft.car_ids = frozenset(car_ids)


def until(moment: datetime) -> None:
    """At this moment the page being made is forgotten: it will say something else, though nothing changes."""
    if (draft := _draft()) and (draft.until is None or moment < draft.until):
        draft.until = moment


def _draft() -> Draft | None:
    found = request.environ.get(DRAFT) if has_request_context() else None
    return found if isinstance(found, Draft) else None


def reads_of(view: object) -> Reads | None:
    """How the view spells its query, if its page may be kept."""
    found: Reads | None = getattr(view, "reads", None)
    return found
