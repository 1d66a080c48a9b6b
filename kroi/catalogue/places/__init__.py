"""Where cars stand, once a dealership has several locations."""
