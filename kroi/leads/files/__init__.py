"""Files that belong to a lead: papers and pictures, for staff only."""
