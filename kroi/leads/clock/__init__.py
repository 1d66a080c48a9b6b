"""The response clock: opening time between a question and the first answer of a person."""
