"""What those who lead note for themselves."""
