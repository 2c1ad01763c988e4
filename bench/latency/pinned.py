"""Run Python with these arguments on one core only. Usage: pinned.py CORE ARGUMENTS..."""

import os
import sys

if __name__ == "__main__":
    os.sched_setaffinity(0, {int(sys.argv[1])})
    os.execv(sys.executable, [sys.executable, *sys.argv[2:]])
