"""What became of a board's values, update by update, and whose doing it was."""
