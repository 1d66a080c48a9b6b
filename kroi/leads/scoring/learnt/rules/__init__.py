"""Decisions about a learnt score. `card` and `encoding` are plain Python; `fitting`, `measures`, `trial` need numpy."""

import os

# Small matrices: on a busy machine, threads that wait for each other cost twenty times the work. Read when numpy loads.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
