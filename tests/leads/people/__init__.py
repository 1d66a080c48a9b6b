"""Who is behind a lead: the labelled pairs, the matcher, suggestions, merging and undo."""
