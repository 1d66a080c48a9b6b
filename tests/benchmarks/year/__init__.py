"""An invented year of a busy house, the same for the same seed: its leads with all that followed, and its visitors."""
