"""Visits: when a shopper comes to drive a car, agreed with nobody else at the same time."""
