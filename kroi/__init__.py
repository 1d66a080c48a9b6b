"""Kroi: self-hosted software for a car dealership."""
