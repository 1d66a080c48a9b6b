"""The index itself: bitmaps of positions, one for each value; it knows neither the database nor the web."""
