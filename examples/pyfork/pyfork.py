"""The example's script in Python. The list of results goes to standard output, all else to standard error.

    python3 pyfork.py -i 2 --method fork
    python3 pyfork.py -i 2 --method spawn
"""

import argparse
import multiprocessing
import sys


def parse_args():
    parser = argparse.ArgumentParser()
    parser.add_argument("-i", "--input", type=int, default=0)
    parser.add_argument("--method", choices=multiprocessing.get_all_start_methods(), default=None)
    return parser.parse_args()


def worker(n):
    print(n, "-", n * ARGS.input, file=sys.stderr)
    return n * ARGCOPY


# A spawned worker imports this file again and comes by these lines.
ARGS = parse_args()
print("got args -i", ARGS.input, file=sys.stderr)
ARGCOPY = 0

if __name__ == "__main__":
    # Not by these.
    ARGCOPY = ARGS.input
    with multiprocessing.get_context(ARGS.method).Pool(4) as pool:
        print(pool.map(worker, range(10)))
