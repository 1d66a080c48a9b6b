"""How a shopper chooses: favourites, cars side by side, cars seen last. The lists live in their browser."""
