"""For owners: the database from inside, over all processes. Statements stand here without the values in them."""

import os

from flask import Blueprint, Response
from flask_babel import gettext as _

from kroi import cache
from kroi.accounts.access import Permission, allow
from kroi.db import replica, statistics
from kroi.notifications import queries as notifications
from kroi.operations.backup import records
from kroi.operations.insight import rules, service, words
from kroi.operations.insight.service import Seen
from kroi.operations.insight.words import Facts
from kroi.web.htmx import show
from kroi.web.settings import settings

staff = Blueprint("operations_insight", __name__, url_prefix="/staff/operations")
_MOST_SLOW, _MOST_KINDS, _MOST_RECENT = 25, 15, 25


@staff.get("/database")
@allow(Permission.OPERATE)
def database() -> Response:
    """Pools, transactions, slow statements; cache, queue and the last backup that was restored for a trial."""
    seen, kinds = service.look(), statistics.totals()[:_MOST_KINDS]
    return show(
        "operations/database.html",
        seen=seen,
        process=os.getpid(),
        parts=_parts(seen),
        times=words.times(seen.times) if seen else [],
        quick=words.quick(seen.times) if seen else "",
        slow=statistics.slow()[:_MOST_SLOW],
        lately=statistics.recent()[:_MOST_RECENT],
        slow_from=words.milliseconds(settings().database_slow_query_ms),
        kinds=kinds,
        most=max((kind.milliseconds for kind in kinds), default=0.0),
        milliseconds=words.milliseconds,
        pool_name=words.pool,
        brief=rules.brief,
        share=rules.share,
    )


def _parts(seen: Seen | None) -> list[tuple[str, Facts]]:
    instance = settings().instance
    queue = (_("Messages to send"), words.queue(notifications.measure_queue()))
    failure, last = records.find_failure(instance), records.find_last(instance)
    restore = (_("Last restore trial"), words.trial(records.find_trial(instance), last, failure))
    if seen is None:
        return [queue, restore]
    return [
        restore,
        queue,
        (_("Cache"), words.cache(seen.shared, seen.pages, _cache_state())),
        (_("Transactions"), words.transactions(seen.counts)),
        (_("Statements"), words.statements(seen.counts)),
        (_("Connections"), words.connections(seen.counts)),
        *_replica(seen),
    ]


def _replica(seen: Seen) -> list[tuple[str, Facts]]:
    found = replica.find()
    if found is None:
        return []
    found.keeps_up()  # measures, if nobody did for a second
    return [(_("Replica"), words.replica(seen.counts, found.behind()))]


def _cache_state() -> str:
    answers = cache.answers()
    if answers is None:
        return str(_("there is none"))
    return str(_("answers") if answers else _("no answer"))
