"""The page that staff open first."""
