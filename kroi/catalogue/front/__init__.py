"""The front page: how many cars, for how much, the newest, and ways into the list."""
