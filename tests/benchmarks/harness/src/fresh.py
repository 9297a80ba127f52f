"""Calls a trivial function in one fresh process after another, and prints how many seconds that took."""

import multiprocessing
import sys
import time


def work(number, replies):
    replies.send(number + 1)


def call(context, number):
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=work, args=(number, sender))
    process.start()
    reply = receiver.recv()
    process.join()
    return reply


if __name__ == "__main__":
    spawn = multiprocessing.get_context("spawn")
    started = time.perf_counter()
    for case in range(int(sys.argv[1])):
        assert call(spawn, case) == case + 1
    print(time.perf_counter() - started)
