"""Portal pages that are given out again as they were, while nothing they show has changed."""
