"""How long a question waits for its answer, and what a name may be."""

from datetime import timedelta

WAITS = timedelta(minutes=5)
MOST = 20  # keys of one person
MOST_ANSWER = 20_000  # characters; real ones have fewer than 3,000
QUESTIONS = 60  # that one address may have within the door's window
NAME_LENGTH = 60
