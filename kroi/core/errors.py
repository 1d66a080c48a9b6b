"""Refusals: exceptions that carry a sentence fit for a person. Raised inside a transaction they undo it."""


class Refusal(Exception):
    """The request cannot be done, and `sentence` says why. `status` is its HTTP meaning."""

    status = 400

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Invalid(Refusal):
    """What was given does not make sense."""

    status = 422


class Forbidden(Refusal):
    """This person may not do this."""

    status = 403


class NotFound(Refusal):
    """There is no such thing here."""

    status = 404


class Conflict(Refusal):
    """The move is not allowed from where things stand."""

    status = 409


class Gone(Refusal):
    """It was here, and is not coming back."""

    status = 410


class TooMany(Refusal):
    """Too often in too short a time; `retry_after` is in seconds."""

    status = 429

    def __init__(self, sentence: str, retry_after: int = 60) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after
