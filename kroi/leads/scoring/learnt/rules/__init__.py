"""Decisions about a learnt score. `card` and `encoding` are plain Python; only `fitting` and `trial` need numpy."""
