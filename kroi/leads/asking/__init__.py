"""What a request tells about who asks, and the photos that it brings."""
