"""The dealerships that share one installation."""
