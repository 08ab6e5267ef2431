"""What a board is: CRDT documents, their schema, edits, forks and merges. No I/O, no network."""
