"""The health of each part for owners: what it is now, where the limit is, and how far it is from there."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from kroi.core import clock
from kroi.operations.backup.records import Trial
from kroi.operations.health import rules
from kroi.operations.health.rules import Part, Room, State
from kroi.web import filters

_TOGETHER = {
    State.HEALTHY: _l("Everything works"),
    State.DEGRADED: _l("Works, look below"),
    State.UNHEALTHY: _l("Something does not work"),
}
_STATES = {State.HEALTHY: _l("in order"), State.DEGRADED: _l("look at it"), State.UNHEALTHY: _l("does not work")}


@dataclass(frozen=True)
class Gauge:
    """One part: `share` is how full its gauge is, from 0 to 100. `advice` says what to do, where something is
    wrong; `about` what the part is for.
    """

    name: str
    state: State
    share: int
    now: str
    limit: str
    advice: str
    about: str = ""

    @property
    def said(self) -> str:
        """Its state in words."""
        return str(_STATES[self.state])


def together(gauges: Iterable[Gauge]) -> tuple[State, str]:
    """How all of it is: as bad as its worst part."""
    state = rules.worst(each.state for each in gauges)
    return state, str(_TOGETHER[state])


def gauges(parts: dict[str, Part], room: Room, dead_letters: int, worker_at: datetime | None) -> list[Gauge]:
    """Every part that can be looked at, in the order in which they matter."""
    known: list[tuple[str, Callable[[Part], Gauge]]] = [
        ("database", _database), ("cache", _cache), ("disk", lambda part: _disk(part, room)),
        ("queue", _queue), ("backup", _backup),
    ]  # fmt: skip
    found = [gauge(parts[name]) for name, gauge in known if name in parts]
    return [*found, _dead_letters(dead_letters), _worker(rules.worker(worker_at, clock.now()))]


def _database(part: Part) -> Gauge:
    took = part.facts.get("milliseconds")
    now = _("%(number)s ms", number=took) if took is not None else _("no answer")
    advice = {
        State.DEGRADED: _("It is slow. Is the machine busy, or its disk full?"),
        State.UNHEALTHY: _("It does not answer. Start it, or read its log."),
    }
    share = _share(_whole(took), rules.SLOW_DATABASE_MS) if took is not None else 100
    limit = _("%(number)s ms", number=rules.SLOW_DATABASE_MS)
    about = _("cars, leads, people")
    return Gauge(_("Database"), part.state, share, now, limit, advice.get(part.state, ""), about)


def _cache(part: Part) -> Gauge:
    about = _("makes pages faster")
    if part.facts.get("kind") == "none":
        return Gauge(_("Shared cache"), part.state, 0, _("there is none"), "–", "", about)
    fine = part.state is State.HEALTHY
    advice = "" if fine else _("Pages are made more slowly, and nothing is lost. Start it again.")
    now = _("answers") if fine else _("no answer")
    return Gauge(_("Shared cache"), part.state, 0 if fine else 100, now, "–", advice, about)


def _disk(part: Part, room: Room) -> Gauge:
    used = Decimal(room.total - room.free) / room.total if room.total else Decimal(0)
    now = _("%(share)s full, %(size)s free", share=filters.percent(used), size=filters.size(room.free))
    advice = "" if part.state is State.HEALTHY else _("Make room, before photos and inquiries find none.")
    limit = _("%(size)s free", size=filters.size(rules.LITTLE_DISK))
    about = _("photos, mails, backups")
    return Gauge(_("Disk"), part.state, round(used * 100), now, limit, advice, about)


def _queue(part: Part) -> Gauge:
    waiting, oldest = _whole(part.facts.get("waiting")), _whole(part.facts.get("oldest_seconds"))
    now = _("empty")
    if waiting:
        now = ngettext("%(num)s message", "%(num)s messages", waiting)
        now = _("%(messages)s, the oldest %(time)s late", messages=now, time=_lasting(oldest))
    advice = "" if part.state is State.HEALTHY else _("Messages wait too long. Do the worker and the mail server run?")
    limit, about = int(rules.SLOW_QUEUE.total_seconds()), _("how late the oldest one is")
    return Gauge(_("Messages to send"), part.state, _share(oldest, limit), now, _lasting(limit), advice, about)


def _backup(part: Part) -> Gauge:
    made, limit = part.facts.get("last_good"), _lasting(int(rules.OLD_BACKUP.total_seconds()))
    advice = (
        ""
        if part.state is State.HEALTHY
        else _("Run %(command)s, and once a day by itself.", command="flask ops backup")
    )
    if part.facts.get("log"):
        advice = _("PostgreSQL cannot archive its log. What it writes itself says why.")
    elif failed := part.facts.get("last_failed"):
        at = filters.moment(datetime.fromisoformat(str(failed)))
        advice = _("The try of %(time)s failed. Run %(command)s to see why.", time=at, command="flask ops backup")
    about = _("a copy of everything")
    if not made:
        share = 0 if part.state is State.HEALTHY else 100
        return Gauge(_("Backup"), part.state, share, _("none yet"), limit, advice, about)
    age = clock.now() - datetime.fromisoformat(str(made))
    now = _("%(time)s old", time=_lasting(int(age.total_seconds())))
    return Gauge(_("Backup"), part.state, _share_of(age, rules.OLD_BACKUP), now, limit, advice, about)


def trial(found: Trial | None) -> Gauge:
    """The last backup that was restored for a trial: how long that took, and when it was."""
    limit, about = int(rules.SLOW_RESTORE.total_seconds()), _("the backup put back for a trial and compared")
    name = _("Restore trial")
    if found is None:
        return Gauge(name, State.HEALTHY, 0, _("none yet"), _lasting(limit), "", about)
    ago = _lasting(int((clock.now() - found.at).total_seconds()))
    now = _("%(time)s ago, took %(length)s", time=ago, length=_lasting(round(found.seconds)))
    slow = found.seconds > limit
    advice = (
        _("To restore everything would take too long. Run %(command)s.", command="flask ops upkeep") if slow else ""
    )
    state = State.DEGRADED if slow else State.HEALTHY
    return Gauge(name, state, _share(round(found.seconds), limit), now, _lasting(limit), advice, about)


def connections(lent: int, most: int, waiting: int) -> Gauge:
    """Connections to the database in use, of those that all processes together may open."""
    advice = _("Pages wait for the database. See its slow statements.") if waiting else ""
    now = _("%(number)s in use, %(waiting)s waiting", number=lent, waiting=waiting)
    state, about = State.DEGRADED if waiting else State.HEALTHY, _("to the database, of all processes")
    return Gauge(_("Connections"), state, _share(lent, most or 1), now, filters.number(most), advice, about)


def _dead_letters(count: int) -> Gauge:
    now = ngettext("%(num)s message", "%(num)s messages", count) if count else _("none")
    advice = _("See why under Messages, then try them again.") if count else ""
    state = State.DEGRADED if count else State.HEALTHY
    about = _("messages that were given up")
    return Gauge(_("Could not be sent"), state, 100 if count else 0, now, "0", advice, about)


def _worker(part: Part) -> Gauge:
    seconds, limit = part.facts.get("seconds"), int(rules.SILENT_WORKER.total_seconds())
    now = _("%(time)s ago", time=_lasting(_whole(seconds))) if seconds is not None else _("not yet")
    advice = (
        ""
        if part.state is State.HEALTHY
        else _("Does %(command)s run? It sends mails and does the chores.", command="flask worker")
    )
    share, about = _share(_whole(seconds), limit), _("sends mails, makes backups")
    return Gauge(_("Worker, last seen"), part.state, share, now, _lasting(limit), advice, about)


def _lasting(seconds: int) -> str:
    """A length of time as roughly as people say it."""
    if seconds < 60:
        return str(_("%(number)s s", number=seconds))
    if seconds < 48 * 3600:
        return filters.duration(seconds // 60)
    return str(ngettext("%(num)s day", "%(num)s days", seconds // 86_400))


def _share_of(part: timedelta, whole: timedelta) -> int:
    return _share(int(part.total_seconds()), int(whole.total_seconds()))


def _share(part: int, whole: int) -> int:
    return max(0, min(100, round(100 * part / whole)))


def _whole(fact: object) -> int:
    return fact if isinstance(fact, int) else 0
