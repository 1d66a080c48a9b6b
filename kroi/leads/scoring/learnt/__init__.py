"""A score learnt from what became of the dealership's own leads, beside the rules."""
