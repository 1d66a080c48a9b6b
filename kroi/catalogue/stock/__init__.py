"""The stock as staff see it: every car, what it lacks, and how long it has stood."""
