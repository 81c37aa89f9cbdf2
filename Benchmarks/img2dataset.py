#!/usr/bin/env python3
"""Lets img2dataset make dumps of pictures that are served on loopback, and compares what audit-cli finds in them.

    img2dataset.py [--audit-cli PATH] [--pictures 500]

Makes pictures, serves them, and runs img2dataset in the layouts `webdataset` and `files`, with and without encoding images anew. Some addresses
lead nowhere, some to a page, which img2dataset takes for an image where it does not encode images anew. `audit-cli inspect` has to find as many pairs
as img2dataset says it stored, each with its address, and to tell the pages from images; where images were stored as they came, all hashes have to be right. Prints a line for each dump; exits with 1 where something differs.
Needs img2dataset (PyPI), and a release build of audit-cli.
"""
import argparse
import functools
import http.server
import json
import subprocess
import sys
import tempfile
import threading
from pathlib import Path


def make_pictures(folder, count):
    # What img2dataset itself brings.
    import cv2
    import numpy
    draw = numpy.random.default_rng(1)
    for number in range(count):
        picture = draw.normal(128, 40, (draw.integers(40, 160), draw.integers(40, 160), 3)).clip(0, 255).astype("uint8")
        cv2.imwrite(str(folder / f"{number}.{'png' if number % 3 == 0 else 'jpg'}"), picture)
    (folder / "page.html").write_text("<html>gone</html>")


def addresses(folder, port):
    """Caption and address of every picture, of some that are not there, and of pages."""
    base = f"http://127.0.0.1:{port}"
    rows = [(f"picture {path.stem}, \"with\" quotes & <marks>", f"{base}/{path.name}") for path in sorted(folder.glob("*.*g"))]
    for number in range(0, len(rows), 25):
        rows.insert(number, (f"missing {number}", f"{base}/missing-{number}.jpg"))
        rows.insert(number, (f"page {number}", f"{base}/page.html?{number}"))
    return rows


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def dump(table, output, layout, options):
    subprocess.run(
        [Path(sys.executable).parent / "img2dataset", "--url_list", table, "--input_format", "tsv", "--url_col", "url", "--caption_col", "caption",
         "--output_folder", output, "--output_format", layout, "--image_size", "128", "--processes_count", "1", "--thread_count", "8",
         "--number_sample_per_shard", "100", "--compute_hash", "sha256", "--retries", "0", "--timeout", "20", *options],
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return sum(json.loads(path.read_text())["successes"] for path in Path(output).glob("*_stats.json"))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--audit-cli", default=".build/release/audit-cli")
    parser.add_argument("--pictures", type=int, default=500)
    options = parser.parse_args()
    failed = False
    with tempfile.TemporaryDirectory() as scratch:
        pictures = Path(scratch) / "pictures"
        pictures.mkdir()
        make_pictures(pictures, options.pictures)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=pictures))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        table = Path(scratch) / "table.tsv"
        rows = addresses(pictures, server.server_port)
        table.write_text("caption\turl\n" + "".join(f"{caption}\t{url}\n" for caption, url in rows))
        for layout in ("webdataset", "files"):
            for name, arguments in (("as they came", ["--resize_mode", "no", "--disable_all_reencoding", "True"]), ("encoded anew", ["--resize_mode", "keep_ratio"])):
                output = f"{scratch}/{layout}-{name.replace(' ', '-')}"
                stored = dump(table, output, layout, arguments)
                found = json.loads(subprocess.run(
                    [options.audit_cli, "inspect", output, "--json", "--sample", "100000"], check=True, stdout=subprocess.PIPE).stdout)
                sample, hosts = found["sample"], found["hosts"]
                usable, pages = sum(sample["kinds"].values()), sample["rejections"].get("notAnImage", 0)
                isRight = found["pairCount"] == stored == hosts["knownPairs"] and usable == options.pictures == stored - pages
                isRight = isRight and sample["hashesCompared"] == usable
                if name == "as they came":
                    isRight = isRight and sample["hashesDiffering"] == 0
                failed = failed or not isRight
                print(f"{layout}, images {name}: {len(rows)} addresses, img2dataset stored {stored}, audit-cli found {found['pairCount']} pairs "
                      f"({found['format']}), {usable} images and {pages} pages, {sample['hashesDiffering']} of {sample['hashesCompared']} hashes differ, "
                      f"rejected {found['rejections'] or 'nothing'}: {'as it should be' if isRight else 'WRONG'}")
        server.shutdown()
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
