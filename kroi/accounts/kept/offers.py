"""What a view says of its page, so that it may be given out again."""

from dataclasses import dataclass

OFFER = "kroi.kept"


@dataclass
class Offer:
    """Whose page it is, and as of which state of things; a view fills it in when its page may be kept."""

    dealership_id: int = 0
    digest: str = ""
    mark: tuple[object, ...] | None = None
