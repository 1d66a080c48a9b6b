"""For owners: how every part is, what this worker process keeps in memory, and how often that helps."""

import os
from decimal import Decimal

from flask import Blueprint, Response, current_app, jsonify
from flask_babel import gettext as _

from kroi.accounts.access import Permission, allow
from kroi.accounts.audit import watch
from kroi.accounts.audit.watch import Watch
from kroi.catalogue.cards import kept as cards
from kroi.catalogue.index.keeping import keeper
from kroi.core import clock
from kroi.core.version import VERSION
from kroi.db.tenancy import current_dealership_id
from kroi.notifications.upkeep import queries as messages
from kroi.operations.backup import records
from kroi.operations.health import service as health
from kroi.operations.health import words as health_words
from kroi.operations.health.words import Gauge
from kroi.operations.insight import service as insight
from kroi.web import filters
from kroi.web.htmx import show
from kroi.web.pages.middleware import PageCache
from kroi.web.settings import settings

staff = Blueprint("operations_staff", __name__, url_prefix="/staff/operations")
_STARTED = clock.now()
Figures = dict[str, dict[str, int | float]]


@staff.get("/")
@allow(Permission.OPERATE)
def overview() -> Response:
    """How every part is, and what is kept, in words."""
    found, known = _figures(), watch.find()
    pages, shown = found["pages"], found["cards"]
    gauges = _gauges(known)
    return show(
        "operations/overview.html",
        gauges=gauges,
        together=health_words.together(gauges),
        version=VERSION,
        process=os.getpid(),
        since=_STARTED,
        pages=[
            (_("Kept"), filters.number(int(pages["pages"]))),
            (_("Memory"), filters.size(int(pages["bytes"]))),
            (
                _("Hit rate"),
                filters.percent(Decimal(str(pages["hit_rate"]))) if pages["hits"] + pages["misses"] else "–",
            ),
            (_("Answered from memory"), filters.number(int(pages["hits"]))),
            (_("Made anew"), filters.number(int(pages["misses"]))),
            (_("Forgotten after a change"), filters.number(int(pages["forgotten"]))),
            (_("Dropped for lack of room"), filters.number(int(pages["evicted"]))),
        ],
        cards=[
            (_("Cars with a ready card"), filters.number(int(shown["cars"]))),
            (_("Memory"), filters.size(int(shown["bytes"]))),
            (_("Cars in the index"), filters.number(int(found["index"]["cars"]))),
        ],
        tampered=watch.trouble(),
        record=_record(known),
    )


def _gauges(known: Watch | None) -> list[Gauge]:
    """What can be seen of every part right now."""
    with current_app.app_context():  # a look that fails undoes what it began, and not what this page has read
        found = health.look(settings())
    dead = messages.count_dead()
    database, *others = health_words.gauges(found.parts, found.room, dead, known.at if known else None)
    others.insert(-2, health_words.trial(records.find_trial(settings().instance)))
    pool = insight.find_main(insight.look())
    return [database, *([health_words.connections(pool.lent, pool.most, pool.waiting)] if pool else []), *others]


def _record(known: Watch | None) -> list[tuple[str, str]]:
    """How far the record of who did what was read."""
    if known is None:
        return [(_("Looked at"), _("not yet: the worker does it every quarter of an hour"))]
    late = _("%(time)s: does the worker run?", time=filters.moment(known.at))
    return [
        (_("Looked at"), late if known.is_late else filters.moment(known.at)),
        (_("Whole up to entry"), filters.number(known.number)),
        (_("Read to the end"), filters.moment(known.whole_at) if known.whole_at else _("not yet")),
    ]


@staff.get("/memory.json")
@allow(Permission.OPERATE)
def memory() -> Response:
    """The same for machines."""
    return jsonify(process=os.getpid(), since=_STARTED.isoformat(timespec="seconds"), **_figures())


def _figures() -> Figures:
    """Of our own dealership: what another's visitors do is none of our business."""
    mine = current_dealership_id()
    cache: PageCache = current_app.extensions["kroi.pages"]
    kept = keeper.find(mine)
    return {
        "pages": cache.shelves.described(mine),
        "cards": {**cards.described(mine)},
        "index": {"cars": len(kept.stock) if kept else 0, "version": kept.version if kept else 0},
    }
