"""Judging open leads again after a change of judge, a batch at a time."""
