"""Which cars changed, numbered in the order of the commits, so that every worker can tell what it knows is old."""
