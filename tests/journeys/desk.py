"""One of each thing that the inbox keeps, for the matrix of routes."""

from kroi.accounts.models import User
from kroi.core import clock
from kroi.db.transaction import transaction
from kroi.leads.files import service as files
from kroi.leads.inbox.models import BulkChange, SavedView
from kroi.leads.models import Lead
from tests.support.makers import stored

A_PDF = b"%PDF-1.4\n%%EOF\n"


def kept_by(user: User) -> dict[str, int]:
    """A view and a change of many leads of this person, which nobody else may touch."""
    view = stored(SavedView(user_id=user.id, name="Mine", filter={"tab": "mine"}, created_at=clock.now()))
    change = stored(BulkChange(user_id=user.id, at=clock.now(), changes=[], refused=[]))
    return {"view_id": view.id, "change_id": change.id}


def filed_with(lead: Lead) -> dict[str, int]:
    """A paper of this lead."""
    prepared = files.prepare(A_PDF, "offer.pdf")
    with transaction():
        return {"file_id": files.add(lead, prepared).id}
