"""Is everything in order? For load balancers, monitors and people in a hurry."""
