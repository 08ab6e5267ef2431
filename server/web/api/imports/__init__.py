"""What comes in from files: calls, and how they are described."""
