"""What the list counts, kept in memory as compressed bitmaps beside the database, which stays the truth."""
