"""Plain Python that every room stands on."""
