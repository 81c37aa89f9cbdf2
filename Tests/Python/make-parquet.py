#!/usr/bin/env python3
"""Writes a Parquet file as Hugging Face's tables are, with values that JSON does not have, in several groups of rows.

    make-parquet.py METADATA.parquet

All 2500 rows name a.png.
"""
import datetime
import sys

import pyarrow
import pyarrow.parquet as parquet

count = 2500
time = datetime.datetime(2026, 11, 26, 12, 30)
table = pyarrow.table({
    "image": pyarrow.array(
        [{"bytes": b"\x89PNG\xff", "path": "a.png"}] * count,
        pyarrow.struct([("bytes", pyarrow.binary()), ("path", pyarrow.string())])),
    "caption": [f"ein Hügel, 図形 {row}" for row in range(count)],
    "url": [f"http://h.example/{row}.png" for row in range(count)],
    "score": [float("nan") if row % 2 else 0.5 for row in range(count)],
    "fetched": pyarrow.array([time] * count, pyarrow.timestamp("us", tz="UTC")),
    "fetched_ns": pyarrow.array([1234567891] * count, pyarrow.timestamp("ns", tz="UTC")),
    "day": pyarrow.array([time.date()] * count, pyarrow.date32()),
    "raw": pyarrow.array([b"\xff\x00"] * count, pyarrow.binary()),
    "empty": pyarrow.array([None] * count, pyarrow.string()),
})
parquet.write_table(table, sys.argv[1], row_group_size=600)
