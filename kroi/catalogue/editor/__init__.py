"""The editor of one car: what may be typed, and the car's history in words."""
