"""Kroi against hand-written references: same data, same server, same load, in turn. Run by `scripts/benchmark`."""
