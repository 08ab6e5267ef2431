"""What leaves: documents at once, and those that are made meanwhile; and how they are described."""
