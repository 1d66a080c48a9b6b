"""One car's public page: photos, earlier prices, related cars."""
