#!/usr/bin/env python3
"""Runs a command beside busy processes, which count in no measure of it.

    busy.py --beside 1 COMMAND...
"""

import argparse
import subprocess
import sys
import time


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--beside", type=int, default=1, help="busy processes")
    options.add_argument("command", nargs=argparse.REMAINDER)
    arguments = options.parse_args()
    busy = [
        subprocess.Popen([sys.executable, "-S", "-c", "while True: pass"])
        for _ in range(arguments.beside)
    ]
    try:
        # They are at work before the command is.
        time.sleep(0.3)
        status = subprocess.run(arguments.command, check=False).returncode
    finally:
        for process in busy:
            process.kill()
    sys.exit(status if status >= 0 else 128 - status)


if __name__ == "__main__":
    main()
