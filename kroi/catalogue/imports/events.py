"""What an import asks the rooms above before it takes cars back."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class UndoBegins:
    """These cars (ids) are about to be set back to how they stood before `since`.

    Who needs one as it is now says so in `keep`, with the reason in a few words: "somebody asked about it".
    """

    car_ids: tuple[int, ...]
    since: datetime
    keep: dict[int, str] = field(default_factory=dict)
