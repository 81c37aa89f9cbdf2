#!/usr/bin/env python3
"""Holds a Parquet file against the JSON lines that it was made of.

    check-parquet.py PAIRS.jsonl PAIRS.parquet
"""
import json
import sys

try:
    import pyarrow.parquet as parquet
except ModuleNotFoundError:
    print("skipped: python3 has no pyarrow (pip install pyarrow)")
    sys.exit()

with open(sys.argv[1]) as lines:
    pairs = [json.loads(line) for line in lines]
table = parquet.read_table(sys.argv[2])
rows = table.to_pylist()
assert table.column_names == list(pairs[0]), table.column_names
for pair, row in zip(pairs, rows, strict=True):
    assert pair == row, f"{pair}\n{row}"
for name in ("key", "caption", "sha256", "url", "uid"):
    assert str(table.schema.field(name).type) == "string", name
print(f"{len(rows)} rows are the same")
