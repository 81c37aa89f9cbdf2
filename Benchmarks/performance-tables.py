#!/usr/bin/env python3
"""Writes the results in docs/performance.md from a record of audit-benchmark.

    performance-tables.py [Benchmarks/performance.json [docs/performance.md]]

Only what stands between the two markers changes. `--check` writes nothing and fails where it would.
"""
import argparse
import json
import pathlib
import sys

BEGIN, END = "<!-- results: begin -->", "<!-- results: end -->"
ROOT = pathlib.Path(__file__).resolve().parent.parent
# Above this share of the cores, other programs disturbed a measurement.
QUIET = 0.05
STAGES = {
    "imageForward": "image tower, forward", "imageBackward": "image tower, backward",
    "textForward": "text tower, forward", "textBackward": "text tower, backward",
    "loss": "loss", "optimiser": "optimiser"}
KINDS = {
    "product": "matrix products", "pointwiseConvolution": "convolutions 1 x 1",
    "convolution": "other convolutions", "batchNorm": "batch norm", "layerNorm": "layer norm",
    "activation": "bias and activation", "sum": "sums and zeroing", "gathering": "gathering rows",
    "loss": "cross-entropy, row norms", "optimiser": "AdamW",
    "exchange": "exchange and waiting", "other": "memory, bookkeeping"}


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    return lines + ["| " + " | ".join(map(str, row)) + " |" for row in rows]


def percent(value):
    return f"{100 * value:.1f} %"


def gibibytes(value):
    return f"{value / 2**30:.2f} GiB"


def machine(record):
    computer, kernels = record["machine"], record["kernels"]
    return [
        f"{record['date'][:10]}, commit `{record['commit']}`: {computer['processor']}, "
        f"{computer['cores']} cores, {computer['memoryBytes'] / 2**30:.0f} GiB, {computer['system']}; "
        f"{record['threads']} threads. Products: {kernels['largeProducts']} "
        f"({kernels['openBLASCore']} kernels), small ones {kernels['smallProducts']}; convolutions: oneDNN "
        f"{kernels['oneDNNVersion']}; own kernels: {kernels['pointwiseInstructionSet']}."]


def warnings(record):
    parts = {step["preset"]: step["othersShare"] for step in record["steps"]}
    if record.get("input"):
        parts["input"] = record["input"]["othersShare"]
    busy = [f"{name} {percent(share)}" for name, share in parts.items() if share > QUIET]
    if not busy:
        return []
    return ["", f"**Not a quiet machine**: other programs took cores meanwhile ({', '.join(busy)}). "
                "These figures are not to be relied on."]


def steps(record):
    rows = []
    for step in record["steps"]:
        peer = step.get("peer")
        rows.append([
            step["preset"], step["batchSize"], f"{step['secondsPerStep']:.3f}",
            f"{step['imagesPerSecond']:.1f}", f"{step['operationsPerSecond'] / 1e9:.1f}",
            percent(step["shareOfPeak"]), percent(step["shareOfRoofline"]),
            f"{peer['secondsPerStep']:.3f} ({peer['threads']} thr.)" if peer else "not measured",
            f"{peer['secondsPerStep'] / step['secondsPerStep']:.2f}" if peer else "",
            gibibytes(step["memoryBytes"])])
    return table(["preset", "batch", "s/step", "images/s", "GFLOP/s", "of peak", "of roofline",
                  "PyTorch s/step", "times PyTorch", "memory"], rows)


def limits(record):
    return table(
        ["preset", "GFLOP a step", "peak GFLOP/s", "bandwidth GB/s", "least s/step"],
        [[step["preset"], f"{step['operationsPerStep'] / 1e9:.1f}",
          f"{step['peakOperationsPerSecond'] / 1e9:.1f}",
          f"{step['bandwidthBytesPerSecond'] / 1e9:.1f}", f"{step['leastSeconds']:.3f}"]
         for step in record["steps"]])


def goals(record):
    shown = {
        "shareOfPeak": ("share of peak", percent), "shareOfRoofline": ("share of roofline", percent),
        "timesPeer": ("times PyTorch", lambda value: f"{value:.2f}"),
        "memoryBytes": ("memory", gibibytes)}
    rows = []
    for step in record["steps"]:
        for goal in step["goals"]:
            name, text = shown[goal["measure"]]
            least, most = goal.get("atLeast"), goal.get("atMost")
            met = goal["value"] >= least if least is not None else goal["value"] <= most
            bound = f"at least {text(least)}" if least is not None else f"at most {text(most)}"
            rows.append([step["preset"], name, bound, text(goal["value"]), "met" if met else "**missed**"])
    cost = record.get("input")
    if cost:
        rows.append([
            "compact", "input, of the step", f"at most {percent(cost['largestShare'])}",
            percent(cost["shareOfStep"]),
            "met" if cost["shareOfStep"] <= cost["largestShare"] else "**missed**"])
    return table(["preset", "goal", "bound", "measured", ""], rows)


def input_cost(record):
    cost = record.get("input")
    if not cost:
        return []
    synonyms = "with" if cost["hasSynonyms"] else "without"
    return ["", f"Input of a compact batch ({cost['batchSize']} pairs): augmented "
                f"{1000 * cost['augmentedSeconds']:.1f} ms ({synonyms} synonyms), plain "
                f"{1000 * cost['plainSeconds']:.1f} ms, beside a step of "
                f"{1000 * cost['secondsPerStep']:.1f} ms."]


def profile(step):
    report = step["profile"]
    total = sum(stage["seconds"] for stage in report["stages"])

    def times(name, part):
        rate = f"{part['operations'] / part['seconds'] / 1e9:.1f}" if part["operations"] else ""
        return [name, f"{1000 * part['seconds']:.2f}", percent(part["seconds"] / total), rate]

    lines = ["", f"### {step['preset']}: where the time goes", ""]
    lines += table(
        ["stage", "ms", "share", "GFLOP/s", "least ms"],
        [times(STAGES[part["stage"]], part) + [f"{1000 * part['leastSeconds']:.2f}"]
         for part in report["stages"]])
    lines += [""] + table(
        ["operation", "ms", "share", "GFLOP/s", "calls"],
        [times(KINDS.get(part["kind"], part["kind"]), part) + [f"{part['calls']:.0f}"]
         for part in report["kinds"]])
    return lines


def results(record):
    lines = machine(record) + warnings(record) + [""] + steps(record) + [""] + limits(record)
    lines += [""] + goals(record) + input_cost(record)
    for step in record["steps"]:
        if step.get("profile"):
            lines += profile(step)
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("record", nargs="?", default=ROOT / "Benchmarks/performance.json")
    parser.add_argument("document", nargs="?", default=ROOT / "docs/performance.md")
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    record = json.loads(pathlib.Path(arguments.record).read_text())
    if record["version"] != 1:
        sys.exit(f"{arguments.record}: version {record['version']} is not known here")
    document = pathlib.Path(arguments.document)
    text = document.read_text()
    if text.count(BEGIN) != 1 or text.count(END) != 1:
        sys.exit(f"{document}: needs the lines {BEGIN} and {END}, once each")
    head, rest = text.split(BEGIN)
    tail = rest.split(END)[1]
    updated = f"{head}{BEGIN}\n{results(record)}\n{END}{tail}"
    if arguments.check and updated != text:
        sys.exit(f"{document} is not what {arguments.record} says; run {pathlib.Path(__file__).name}")
    if not arguments.check:
        document.write_text(updated)


if __name__ == "__main__":
    main()
