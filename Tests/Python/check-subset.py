#!/usr/bin/env python3
"""Holds a subset file against what NumPy makes of the same uids, byte for byte.

    check-subset.py PAIRS.jsonl SUBSET.npy
"""
import io
import json
import sys

try:
    import numpy as np
except ModuleNotFoundError:
    print("skipped: python3 has no numpy (pip install numpy)")
    sys.exit()

with open(sys.argv[1]) as lines:
    uids = [pair["uid"] for pair in map(json.loads, lines) if pair["uid"] is not None]
expected = np.array([(int(uid[:16], 16), int(uid[16:32], 16)) for uid in uids], dtype=np.dtype("u8,u8"))
expected.sort()
written = np.load(sys.argv[2])
assert written.dtype == np.dtype("u8,u8"), written.dtype
assert np.array_equal(written, expected), "other uids"
buffer = io.BytesIO()
np.save(buffer, expected)
with open(sys.argv[2], "rb") as file:
    assert file.read() == buffer.getvalue(), "other bytes than numpy.save's"
# How DataComp's resharder looks a sample up.
for uid in uids:
    key = np.array([divmod(int(uid, 16), 2**64)], written.dtype)[0]
    assert np.searchsorted(written, key, "right") - np.searchsorted(written, key, "left") == 1, uid
print(f"{len(uids)} uids are what NumPy makes of them")
