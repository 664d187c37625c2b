"""Vectors of the row permutation and of the value hash, from their documented definitions alone
(Sources/Records/Order/RowPermutation.swift, RowHash.swift). Independent of dsx: plain Python 3.

    python3 permutation.py > permutation.json
"""
import hashlib
import json
import struct

M = (1 << 64) - 1
G = 0x9E3779B97F4A7C15


def mix(z):
    z &= M
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & M
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & M
    return z ^ (z >> 31)


class Permutation:
    def __init__(self, count, seed, epoch):
        s = mix(seed + G)
        s = mix(s ^ ((epoch + G) & M))
        s = mix(s ^ count)
        self.count = count
        self.keys = [mix(s + (r + 1) * G) for r in range(8)]
        bits = max(10, max(0, count - 1).bit_length())
        self.h = bits // 2
        self.l = bits - bits // 2

    def once(self, x):
        high, low = x >> self.l, x & ((1 << self.l) - 1)
        for r, k in enumerate(self.keys):
            if r % 2 == 0:
                high ^= mix(low ^ k) >> (64 - self.h)
            else:
                low ^= mix(high ^ k) >> (64 - self.l)
        return high << self.l | low

    def __getitem__(self, x):
        while True:
            x = self.once(x)
            if x < self.count:
                return x


def value_hash(seed, data):
    return int.from_bytes(hashlib.sha256(struct.pack("<Q", seed) + data).digest()[:8], "big")


cases = []
for count in [1, 2, 3, 10, 1000, 1024, 1025, 123457, 10**9, 2**40 + 3]:
    for seed, epoch in [(0, 0), (7, 0), (7, 1), (2**64 - 1, 5)]:
        p = Permutation(count, seed, epoch)
        at = range(count) if count <= 10 else [0, 1, 2, 3, count // 2, count - 2, count - 1]
        if count <= 1025:
            rows = [p[i] for i in range(count)]
            assert sorted(rows) == list(range(count))
        cases.append({"count": count, "seed": str(seed), "epoch": epoch,
                      "positions": list(at), "rows": [p[i] for i in at]})
hashes = []
for seed in [0, 7]:
    for text in ["", "a", "用户", "news_tech"]:
        hashes.append({"seed": seed, "string": text, "hash": "%016x" % value_hash(seed, text.encode())})
    for number in [0, 1, -1, 2**40]:
        hashes.append({"seed": seed, "integer": number,
                       "hash": "%016x" % value_hash(seed, struct.pack("<q", number))})
    for number in [0.0, -0.0, 0.5, 1e300]:
        hashes.append({"seed": seed, "float": number,
                       "hash": "%016x" % value_hash(seed, struct.pack("<d", number + 0.0))})
print(json.dumps({"permutations": cases, "hashes": hashes}, indent=1, ensure_ascii=False))
