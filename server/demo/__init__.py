"""A workshop with simulated people: real clients of a real server, in front of your eyes."""
