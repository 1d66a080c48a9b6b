"""What staff are told of in the portal, and how each wants to hear."""
