"""What shoppers type: read as filters and words, corrected, suggested, and relaxed when nothing matches."""
