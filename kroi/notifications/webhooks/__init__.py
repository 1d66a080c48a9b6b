"""Other programs that hear of events: where, how it is signed, and where it never goes."""
