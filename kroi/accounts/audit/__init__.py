"""The record of who did what, chained by hash."""

from kroi.accounts.audit.service import acting_as, actor_id, record

__all__ = ["acting_as", "actor_id", "record"]
