"""A child that says how it runs and what it was told; told to wait, it does so until stopped."""

import os
import signal
import sys

if __name__ == "__main__":
    told = sys.stdin.read()
    if told == "wait":
        signal.pause()
    print(os.nice(0), told)
