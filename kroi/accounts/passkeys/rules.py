"""How long a question waits for its answer, and for whom keys are."""

from dataclasses import dataclass
from datetime import timedelta

WAITS = timedelta(minutes=5)
MOST = 20  # keys of one person
MOST_ANSWER = 20_000  # characters; real ones have fewer than 3,000
QUESTIONS = 60  # that one address may have within the door's window


@dataclass(frozen=True)
class Site:
    """For whom keys are made and asked: the host name, the whole origin of the page, and the house's name."""

    host: str
    origin: str
    name: str
