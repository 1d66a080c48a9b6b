"""From SQLite to PostgreSQL and back, all at once or not at all."""
