"""Open leads come before the new judge in batches, each in a transaction of its own; facts of old leads are noted."""

from collections.abc import Callable

from kroi.db.transaction import transaction
from kroi.leads.scoring import queries, service

BATCH = 200  # leads


def rescore() -> int:
    """Judge every open lead again that another version judged; answers how many were. For the worker."""
    total = 0
    while done := rescore_batch():
        total += done
    return total


def rescore_batch() -> int:
    """The same for one batch. Idle, it is two queries that change nothing."""
    used, house = queries.find_used_model(), queries.find_rule_set()
    version = used.version if used else house.version if house else 0
    if not version or not queries.count_outdated(version):
        return 0
    with transaction():
        judge = service.judge()
        leads = queries.lock_outdated(judge.version, BATCH)
        for lead in leads:
            service.judge_again(lead, "judge", judge)
    return len(leads)


def note_facts(tell: Callable[[int], object] = lambda _: None) -> int:
    """Note the facts of leads from before facts were kept; answers of how many. For the worker."""
    total = 0
    while done := _note_batch():
        total += done
        tell(done)
    return total


def _note_batch() -> int:
    if not queries.list_without_facts(1):
        return 0
    with transaction():
        leads = queries.list_without_facts(BATCH)
        for lead in leads:
            service.keep_facts(lead, service.facts_of_old(lead))
    return len(leads)
