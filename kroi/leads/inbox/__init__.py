"""The list that staff work from: who to call first."""
