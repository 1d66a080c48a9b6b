"""How quick pages are for real visitors, as their browsers measured it; nothing says who they were."""
