#!/usr/bin/env python3
"""Holds a folder of shards against another one: the same members with the same bytes.

    compare-shards.py SOURCE COPY    exit 1 where a member is missing, new, or has other bytes
"""
import sys
import tarfile
from pathlib import Path


def members(folder):
    found = []
    for shard in sorted(Path(folder).glob("*.tar")):
        with tarfile.open(shard) as archive:
            found += [(member.name, archive.extractfile(member).read()) for member in archive if member.isfile()]
    return sorted(found)


source, copy = members(sys.argv[1]), members(sys.argv[2])
if not source or source != copy:
    names = {name for name, _ in source} ^ {name for name, _ in copy}
    sys.exit(f"{len(source)} and {len(copy)} members; only on one side: {sorted(names)[:5]}")
print(f"{len(source)} members are the same")
