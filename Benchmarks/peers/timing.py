"""Wall-clock and CPU time of a region, children that have ended included."""

import os
import time


class Timer:
    def __init__(self):
        self.wall = time.perf_counter()
        self.cpu = sum(os.times()[:4])

    def stop(self):
        return {
            "seconds": round(time.perf_counter() - self.wall, 4),
            "cpu": round(sum(os.times()[:4]) - self.cpu, 4),
        }
