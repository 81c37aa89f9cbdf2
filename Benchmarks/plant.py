#!/usr/bin/env python3
"""Plants targeted poison in a copy of a crawl and holds pairs out for retrieval.

    plant.py CRAWL OUT [--labels FILE | --words A,B,...] [--seed 0]
             [--targets 8] [--captions 5] [--held-out 300]

CRAWL is a folder of webdataset shards, or a caption file (TSV with the columns filepath and title).
Writes OUT/crawl (the same layout: everything but the held-out pairs, plus the poison), OUT/held-out
(pairs for retrieval, never trained on) and OUT/truth.csv (keys of the planted pairs with their target).

Targeted poisoning after Carlini and Terzis (2021): each target image, itself held out, is paired with
captions of another class. Classes come from the second column of --labels (a TSV by key), from the first
folder below png/ where keys are paths of openclipart, and else are words that 0.5 to 5 % of the captions
contain and the target's own does not.
"""
import argparse
import csv
import io
import os
import random
import re
import shutil
import tarfile
from pathlib import Path

STOP = set("""a an the of in on at with and or is are to by for from his her its their it as two three one four
while up down over into out near through off that this who which some other another being be has have
along around against behind front""".split())


def words(caption):
    return set(re.findall(r"[a-z]{3,}", caption.lower())) - STOP


def read_shards(folder):
    """(key, image name, caption) of each pair, in order; the bytes stay in the shards."""
    for shard in sorted(folder.glob("*.tar")):
        with tarfile.open(shard) as archive:
            group = {}
            for member in archive:
                stem, _, extension = member.name.partition(".")
                group.setdefault(stem, {})[extension] = member
            for key, members in group.items():
                image = next((members[e] for e in ("jpg", "jpeg", "png") if e in members), None)
                if image is None or "txt" not in members:
                    continue
                caption = archive.extractfile(members["txt"]).read().decode("utf-8", "replace").strip()
                yield key, (shard, image.offset_data, image.size, image.name), caption


def read_caption_file(path, root):
    with open(path, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            name = row["filepath"]
            yield name, os.path.join(root, name), row["title"]


class ShardWriter:
    """Webdataset shards of up to 10 000 pairs."""

    def __init__(self, folder):
        self.folder, self.count, self.archive = folder, 0, None
        folder.mkdir(parents=True)

    def add(self, key, image, caption):
        if self.count % 10_000 == 0:
            self.close()
            self.archive = tarfile.open(self.folder / f"{self.count // 10_000:05d}.tar", "w")
        shard, offset, size, name = image
        with open(shard, "rb") as file:
            file.seek(offset)
            data = file.read(size)
        for extension, content in ((name.rpartition(".")[2], data), ("txt", caption.encode())):
            entry = tarfile.TarInfo(f"{key}.{extension}")
            entry.size = len(content)
            self.archive.addfile(entry, io.BytesIO(content))
        self.count += 1

    def key(self, key, image):
        return key

    def close(self):
        if self.archive:
            self.archive.close()


class CaptionFileWriter:
    """A caption file that names the images where they are (to be read with imageRoot /); poison gets a copy
    of its image, since keys are paths."""

    def __init__(self, folder):
        folder.mkdir(parents=True)
        self.folder = folder
        self.file = open(folder / "captions.tsv", "w", encoding="utf-8")
        self.file.write("filepath\ttitle\n")

    def add(self, key, image, caption):
        name = image
        if key.startswith("planted"):
            name = self.key(key, image)
            shutil.copyfile(image, name)
        self.file.write(f"{name}\t{caption}\n")

    def key(self, key, image):
        return str((self.folder / (key + os.path.splitext(image)[1])).resolve())

    def close(self):
        self.file.close()


class Classes:
    """Which pairs belong to which class; only classes with 0.5 to 5 % of the pairs are attacked with."""

    def __init__(self, pairs, labels, chosen):
        by_key = {}
        if labels:
            with open(labels, encoding="utf-8") as file:
                by_key = {f[0]: {f[1]} for f in (line.rstrip("\n").split("\t") for line in file)}
        self.of = [by_key.get(key) or self.folder(key) or words(caption) for key, _, caption in pairs]
        self.members = {}
        for index, names in enumerate(self.of):
            for name in names:
                self.members.setdefault(name, []).append(index)
        self.names = sorted(
            n for n, m in self.members.items()
            if 0.005 <= len(m) / len(pairs) <= 0.05 and (not chosen or n in chosen))

    @staticmethod
    def folder(key):
        found = re.search(r"(?:^|/)png/([^/]+)/", key)
        return {found.group(1)} if found else None


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("crawl", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--image-root", type=Path, help="where relative paths of a caption file start")
    parser.add_argument("--labels", type=Path)
    parser.add_argument("--words", default="")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--targets", type=int, default=8)
    parser.add_argument("--captions", type=int, default=5)
    parser.add_argument("--held-out", type=int, default=300)
    arguments = parser.parse_args()
    generator = random.Random(arguments.seed)

    shards = arguments.crawl.is_dir()
    pairs = list(read_shards(arguments.crawl) if shards else read_caption_file(arguments.crawl, arguments.image_root or arguments.crawl.parent))
    classes = Classes(pairs, arguments.labels, set(filter(None, arguments.words.split(","))))
    order = generator.sample(range(len(pairs)), arguments.targets + arguments.held_out)
    targets, held_out = order[:arguments.targets], order[arguments.targets:]

    poison = []
    for number, target in enumerate(targets):
        name = generator.choice([n for n in classes.names if n not in classes.of[target]])
        for copy_number, index in enumerate(generator.sample(classes.members[name], arguments.captions)):
            poison.append((f"planted_{number}_{copy_number}", pairs[target], name, pairs[index][2]))

    removed = set(order)
    kept = [("pair", pair) for index, pair in enumerate(pairs) if index not in removed]
    mixed = kept + [("poison", entry) for entry in poison]
    generator.shuffle(mixed)
    Writer = ShardWriter if shards else CaptionFileWriter
    crawl = Writer(arguments.out / "crawl")
    truth = csv.writer(open(arguments.out / "truth.csv", "w", newline=""), lineterminator="\n")
    truth.writerow(["key", "target", "class"])
    for kind, entry in mixed:
        if kind == "pair":
            crawl.add(*entry)
        else:
            key, target, name, caption = entry
            crawl.add(key, target[1], caption)
            truth.writerow([crawl.key(key, target[1]), target[0], name])
    crawl.close()
    rest = Writer(arguments.out / "held-out")
    for index in held_out:
        rest.add(*pairs[index])
    rest.close()
    print(f"{len(kept)} pairs, {len(poison)} planted, {len(held_out)} held out: {arguments.out}")


main()
