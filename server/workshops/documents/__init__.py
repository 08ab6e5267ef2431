"""What somebody takes home: which document is wanted, and those that are made meanwhile."""
