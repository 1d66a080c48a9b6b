"""What an owner sets: the profile, opening hours, locations, and how soon to answer."""
