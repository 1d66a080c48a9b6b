"""What whoever runs the installation does for one dealership: give it its data, and erase it."""
