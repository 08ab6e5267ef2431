"""What happens in a workshop by the clock."""
