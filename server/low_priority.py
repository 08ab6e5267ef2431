"""`python -m server.low_priority MODULE`: runs a module that yields to the server.

Before its imports, which take longer than what most of them are there to do.
"""

import os
import runpy
import sys

NICENESS = 10

if __name__ == "__main__":
    os.nice(NICENESS)
    runpy.run_module(sys.argv[1], run_name="__main__")
