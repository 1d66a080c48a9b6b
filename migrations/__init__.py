"""The schema, step by step; migrations know no model."""
