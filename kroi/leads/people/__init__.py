"""Who is behind the leads: one person, however often they ask."""
