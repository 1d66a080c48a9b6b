"""Everything as one archive that other programs can read, and the way back in."""
