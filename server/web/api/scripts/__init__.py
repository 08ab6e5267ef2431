"""The calls on the notes of those who lead, and their description."""
