"""When a dealership is open: its week, the days that differ, and its clock on the wall."""
