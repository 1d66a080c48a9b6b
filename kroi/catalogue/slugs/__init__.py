"""The addresses of cars: made once, never given to another car, and followed by a redirect when they change."""
