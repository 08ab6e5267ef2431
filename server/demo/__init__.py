"""A workshop with simulated people: real clients of a real server, in front of your eyes."""

from server.demo.command import add_arguments, run

__all__ = ["add_arguments", "run"]
