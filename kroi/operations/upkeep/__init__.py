"""Looking at the database while it works, and tidying it without anybody waiting."""
