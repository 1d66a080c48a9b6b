"""What each role may do, in words, and which roles must have a second step."""
