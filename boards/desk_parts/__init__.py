"""Parts of the desk that have a file of their own."""
