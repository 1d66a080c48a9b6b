"""An invented stock of any size, the same for the same seed, and the fast way to fill a database with it."""
