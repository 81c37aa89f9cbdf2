#!/usr/bin/env python3
"""Detection of planted poison and retrieval: what a scan finds of what plant.py hid.

    detection.py NAME=PLANTED ... [--methods safeclip,clip] [--set NAME=VALUE ...] [--out results.jsonl]

PLANTED is a folder made by plant.py (crawl, held-out, truth.csv). For each folder and method: runs
audit-cli, reads its CSV, and prints a line of the table; --out also appends it as JSON, with the settings.
Runs that --out already holds are not repeated, whatever the commit that its rows name: move it away to begin anew.
"""
import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROW = "{:<16} {:<9} {:>6} {:>6} {:>6} {:>8} {:>7} {:>6} {:>9} {:>8}"


def commit():
    done = subprocess.run(["git", "describe", "--always", "--dirty=+changes"], stdout=subprocess.PIPE, text=True)
    return done.stdout.strip()


def scores(rows, planted):
    """AUROC of the risk and recall in the riskiest 1 % and 5 %; rows come riskiest first."""
    ranked = sorted(rows, key=lambda row: -float(row["risk"]))
    ranks = [place for place, row in enumerate(ranked) if row["key"] in planted]
    negatives = len(ranked) - len(ranks)
    above = sum(place - index for index, place in enumerate(ranks))
    found = {share: sum(place < share * len(ranked) for place in ranks) / len(ranks) for share in (0.01, 0.05)}
    return 1 - above / (len(ranks) * negatives), found[0.01], found[0.05]


def run(binary, name, folder, method, settings, keep):
    with tempfile.TemporaryDirectory() as scratch:
        report = Path(keep or scratch) / f"{name}-{method}.sqlite"
        work = folder / "work"
        command = [
            binary, "scan", str(folder / "crawl"), "--report", str(report), "--work-folder", str(work),
            "--held-out", str(folder / "held-out"), "--method", method, "--json"]
        for setting in ["crawl.imageRoot=/"] + settings:
            command += ["--set", setting]
        began = time.time()
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if done.returncode != 0:
            sys.exit(f"{' '.join(command)}\n{done.stderr[-2000:]}")
        seconds = time.time() - began
        summary = json.loads(done.stdout)
        export = subprocess.run(
            [binary, "export", str(report), "--what", "all", "--format", "csv"],
            stdout=subprocess.PIPE, text=True, check=True).stdout
        rows = list(csv.DictReader(export.splitlines(keepends=True)))
        with open(folder / "truth.csv", newline="") as file:
            truth = {row["key"] for row in csv.DictReader(file)}
        planted = {row["key"] for row in rows if row["key"] in truth}
        assert len(planted) == len(truth), f"{len(planted)} of {len(truth)} planted pairs were read"
        auroc, at1, at5 = scores(rows, planted)
        safe = [row for row in rows if row["safe"] == "1"]
        return {
            "crawl": name, "method": method, "settings": settings, "pairs": len(rows), "auroc": auroc,
            "recallAt1Percent": at1, "recallAt5Percent": at5,
            "plantedInSafeSet": sum(row["key"] in planted for row in safe),
            "safeShare": len(safe) / len(rows), "alignment": summary["alignment"]["value"],
            "recallAt10": summary.get("recallAt10"), "seconds": seconds, "commit": commit(),
            "threads": len(os.sched_getaffinity(0))}


def line(result):
    number = "{:.3f}".format
    return ROW.format(
        result["crawl"], result["method"], number(result["auroc"]), number(result["recallAt1Percent"]),
        number(result["recallAt5Percent"]), result["plantedInSafeSet"],
        "{:.1f} %".format(100 * result["safeShare"]), number(result["alignment"]),
        "-" if result["recallAt10"] is None else number(result["recallAt10"]), f"{result['seconds']:.0f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("crawls", nargs="+", metavar="NAME=PLANTED")
    parser.add_argument("--binary", default=".build/release/audit-cli")
    parser.add_argument("--methods", default="safeclip,clip")
    parser.add_argument("--set", dest="settings", action="append", default=[])
    parser.add_argument("--out", type=Path)
    parser.add_argument("--keep", help="folder for the reports")
    arguments = parser.parse_args()
    known = []
    if arguments.out and arguments.out.exists():
        known = [json.loads(text) for text in arguments.out.read_text().splitlines()]
    print(ROW.format(
        "crawl", "method", "AUROC", "at 1 %", "at 5 %", "in safe", "safe", "align.", "recall@10", "seconds"))
    for entry in arguments.crawls:
        name, _, folder = entry.partition("=")
        for method in arguments.methods.split(","):
            result = next(
                (r for r in known if (r["crawl"], r["method"], r["settings"])
                 == (name, method, arguments.settings)), None)
            if result is None:
                result = run(
                    os.path.abspath(arguments.binary), name, Path(folder), method, arguments.settings,
                    arguments.keep)
                if arguments.out:
                    with open(arguments.out, "a") as file:
                        file.write(json.dumps(result) + "\n")
            print(line(result), flush=True)


main()
