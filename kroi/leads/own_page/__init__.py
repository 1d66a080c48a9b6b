"""The shopper's own page about what they asked, behind a link that only they have."""
