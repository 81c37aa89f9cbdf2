#!/usr/bin/env python3
"""Makes a crawl whose captions and names attack whoever shows them, from the images of webdataset shards.

    make-hostile-crawl.py SHARDS FOLDER
"""
import csv
import json
import sys
import tarfile
from pathlib import Path

HOSTILE = [
    "<script>document.title = 'owned'</script>", "<img src=x onerror=alert(1)>", "\u202egnp.exe\u202c right to left",
    "zero\u200bwidth\u200djoined", "javascript:alert(1)", "a caption of many words " * 40, "日本語の説明 with two scripts",
    "\"quoted\", and, commas; 'single' `ticks`", "&lt;b&gt;entities&lt;/b&gt; &amp; more", "\x1b[31mred\x1b[0m terminal",
]

shards, folder = Path(sys.argv[1]), Path(sys.argv[2])
(folder / "images").mkdir(parents=True)
rows = []
for shard in sorted(shards.glob("*.tar")):
    with tarfile.open(shard) as archive:
        members = {member.name: archive.extractfile(member).read() for member in archive if member.isfile()}
    for name, data in members.items():
        stem, ending = name.rsplit(".", 1)
        if ending not in ("png", "jpg"):
            continue
        place = len(rows)
        caption = json.loads(members[f"{stem}.json"])["caption"]
        if place % 8 == 0:
            caption = HOSTILE[place // 8 % len(HOSTILE)]
        path = f"images/ä {place} <b>.{ending}" if place % 16 == 0 else f"images/{place}.{ending}"
        (folder / path).write_bytes(data)
        rows.append((path, caption))
for place in range(5):
    path = f"images/broken <i>{place}.png"
    (folder / path).write_bytes(b"no image")
    rows.append((path, "an image that is none"))
with open(folder / "captions.csv", "w", newline="", encoding="utf-8") as file:
    writer = csv.writer(file)
    writer.writerow(("filepath", "title"))
    writer.writerows(rows)
