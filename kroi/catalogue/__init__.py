"""The cars: stock, listing, prices, photos, import."""
