"""What the files for a real installation promise."""
