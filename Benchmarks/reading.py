#!/usr/bin/env python3
"""How fast a crawl is read: images a second against djpeg on the same files, and the memory of a large crawl.

    reading.py speed  [--images 1500]        photographs of 640 x 480, 1280 x 960 and 2560 x 1920 pixels
    reading.py memory [--pairs 1000000]      tiny images, in shards of ten thousand pairs
    reading.py start  [--pairs 1000000]      the same crawl, scanned twice up to the first step of training

`speed` makes JPEGs, runs `djpeg -scale 1/N` (the N that a thumbnail of 64 pixels is decoded at) on each of them, one after another, and
`audit-benchmark read --threads 1` on the folder; then with all cores. djpeg's time is told with and without that of starting it, which is
measured on an image of one pixel. `memory` tells the largest resident size and how long the second reading takes; `start` how long a scan
takes until it trains, the first time and again when nothing has changed.
Needs cjpeg and djpeg (Debian: libjpeg-turbo-progs), numpy, and a release build of audit-benchmark, for `start` of audit-cli (AUDIT_BUILD names its folder).
"""
import argparse
import io
import json
import os
import resource
import subprocess
import sys
import tarfile
import tempfile
import time
from pathlib import Path

BUILD = Path(os.environ.get("AUDIT_BUILD", ".build/release"))
SIZES = [(640, 480, 2), (1280, 960, 4), (2560, 1920, 8)]


def photograph(random, width, height, quality):
    """A JPEG with detail at all scales: noise whose strength falls with the frequency, as in photographs."""
    import numpy
    image = numpy.full((height, width, 3), 128.0)
    cell = 8
    while cell < max(width, height):
        small = random.normal(0, 2.2 * cell ** 0.55, (-(-height // cell), -(-width // cell), 3))
        image += numpy.kron(small, numpy.ones((cell, cell, 1)))[:height, :width]
        cell *= 2
    image += random.normal(0, 3, image.shape)
    data = numpy.clip(image, 0, 255).astype("uint8").tobytes()
    header = b"P6 %d %d 255\n" % (width, height)
    return subprocess.run(["cjpeg", "-quality", str(quality)], input=header + data, stdout=subprocess.PIPE, check=True).stdout


def read(path, threads):
    done = subprocess.run(
        [BUILD / "audit-benchmark", "read", path, "--threads", str(threads), "--json"],
        stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout)


def djpeg(paths, scale):
    start = time.perf_counter()
    for path in paths:
        subprocess.run(["djpeg", "-scale", f"1/{scale}", "-outfile", "/dev/null", path], check=True)
    return (time.perf_counter() - start) / len(paths)


def speed(options):
    import numpy
    random = numpy.random.default_rng(1)
    cores = len(os.sched_getaffinity(0))
    print(f"{'size':>11} {'djpeg/s':>8} {'without start':>14} {'ours/s':>8} {'ratio':>6} {'ratio without start':>20} {'on ' + str(cores) + ' cores':>11}")
    with tempfile.TemporaryDirectory() as scratch:
        dot = Path(scratch) / "dot.jpg"
        dot.write_bytes(subprocess.run(["cjpeg"], input=b"P6 1 1 255\n\0\0\0", stdout=subprocess.PIPE, check=True).stdout)
        for width, height, scale in SIZES:
            folder = Path(scratch) / f"{width}"
            folder.mkdir()
            count = max(40, options.images * 640 * 480 // (width * height))
            bases = [photograph(random, width, height, 85) for _ in range(8)]
            for index in range(count):
                # A comment makes each file another one, so that no thumbnail is known from its twin.
                base = bases[index % len(bases)]
                comment = f"{index:08d}".encode()
                data = base[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment + base[2:]
                (folder / f"{index}.jpg").write_bytes(data)
                (folder / f"{index}.txt").write_text(f"photograph {index}")
            paths = sorted(folder.glob("*.jpg"))
            djpeg(paths[:20], scale)
            theirs = djpeg(paths, scale)
            start = djpeg([dot] * 200, 1)
            one, all_cores = (read(folder, threads) for threads in (1, cores))
            ours = one["pairs"] / one["first"]["thumbnailSeconds"]
            scaled = all_cores["pairs"] / all_cores["first"]["thumbnailSeconds"]
            bare = theirs - start
            print(f"{width:>6}x{height:<4} {1 / theirs:>8.0f} {1 / bare:>14.0f} {ours:>8.0f} {ours * theirs:>6.2f} {ours * bare:>20.2f} {scaled / ours:>10.2f}x", flush=True)


def large_crawl(folder, pairs):
    """Shards of ten thousand pairs with captions and metadata; every image has bytes of its own."""
    import numpy
    random = numpy.random.default_rng(2)
    images = [photograph(random, 48, 48, 75) for _ in range(64)]
    total = 0
    for shard in range(-(-pairs // 10_000)):
        with tarfile.open(folder / f"{shard:05d}.tar", "w", format=tarfile.USTAR_FORMAT) as tar:
            for index in range(min(10_000, pairs - total)):
                base = images[index % len(images)]
                number = f"{total:09d}".encode()
                image = base[:2] + b"\xff\xfe" + (len(number) + 2).to_bytes(2, "big") + number + base[2:]
                url = f"https://host-{total % 997}.example/pictures/{total}.jpg"
                caption = f"picture number {total} of a large crawl, which shows thing {total % 5003} in a place"
                fields = json.dumps({"caption": caption, "url": url, "uid": f"{total:032x}", "original_width": 48, "original_height": 48})
                for ending, data in (("jpg", image), ("txt", caption.encode()), ("json", fields.encode())):
                    member = tarfile.TarInfo(f"{total:09d}.{ending}")
                    member.size = len(data)
                    tar.addfile(member, io.BytesIO(data))
                total += 1


def memory(options):
    with tempfile.TemporaryDirectory() as scratch:
        large_crawl(Path(scratch), options.pairs)
        report = read(scratch, len(os.sched_getaffinity(0)))
        first, second = report["first"], report["second"]
        print(f"{report['pairs']} pairs on {report['threads']} threads")
        print(f"index {first['indexSeconds']:.1f} s, thumbnails {first['thumbnailSeconds']:.1f} s")
        print(f"again, unchanged: index {second['indexSeconds']:.1f} s, thumbnails {second['thumbnailSeconds']:.1f} s")
        print(f"resident memory at most {report['peakMemoryBytes'] / 2**20:.0f} MiB")


def seconds_to_first_step(crawl, report):
    """How long a scan takes until its first step of training is told, phase by phase; it is stopped then."""
    began = time.perf_counter()
    scan = subprocess.Popen(
        [BUILD / "audit-cli", "scan", crawl, "--report", report], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    phases = []
    for line in scan.stderr:
        told = line.split(":")[0].strip()
        if not phases or phases[-1][0] != told:
            phases.append((told, time.perf_counter() - began))
        if ", step " in line:
            break
    took = time.perf_counter() - began
    scan.terminate()
    rest = scan.stderr.read()
    scan.wait()
    if ", step " not in line:
        sys.exit(f"the scan did not come to training: {line}{rest}")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**10
    return took, peak, phases


def start(options):
    with tempfile.TemporaryDirectory() as scratch:
        crawl = Path(scratch) / "crawl"
        crawl.mkdir()
        large_crawl(crawl, options.pairs)
        for name in ["first", "again"]:
            took, peak, phases = seconds_to_first_step(crawl, Path(scratch) / "audit.sqlite")
            print(f"{name}: {took:.1f} s until the first step of training, {peak:.0f} MiB resident at most")
            for phase, seconds in phases:
                print(f"  {seconds:7.1f} s  {phase[:60]}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["speed", "memory", "start"])
    parser.add_argument("--images", type=int, default=1500, help="of the smallest size; fewer of the larger ones")
    parser.add_argument("--pairs", type=int, default=1_000_000)
    options = parser.parse_args()
    if not (BUILD / "audit-benchmark").exists():
        sys.exit(f"{BUILD}/audit-benchmark is not there: swift build -c release --product audit-benchmark")
    {"speed": speed, "memory": memory, "start": start}[options.what](options)


if __name__ == "__main__":
    main()
