#!/usr/bin/env python3
"""Latency of auditd for dashboards that poll while a scan runs, and what their polling costs the scan.

    polling.py [--pairs 1000000] [--pollers 64] [--rounds 2] [--pause 1.0] [--crawl /usr/share/openclipart]

Makes a report of a finished run of so many pairs (kept in --work and used again), reads it once, starts auditd on it, and submits a scan. Its epochs
are alone and polled in turn, --rounds polled ones for each endpoint, so that a machine whose speed drifts does not look like a cost: a polled
epoch is compared with the mean of those before and after it. A poller waits about --pause seconds between two
requests, and sends no validators, so that every answer is a whole one; wrk measures the time from request to answer. Deep pages begin at
places all over the ranking. Prints a line for each endpoint, and what the scan, the service and wrk itself took.
Needs wrk (Debian) and a release build of auditd and audit-benchmark.
"""
import argparse
import atexit
import base64
import json
import os
import re
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

BUILD = Path(os.environ.get("AUDIT_BUILD", ".build/release"))

SCRIPT = """
local paths = {%s}
local pause = %d
local at = math.random(#paths)
function request()
  at = at %% #paths + 1
  return wrk.format("GET", paths[at], {["Accept-Encoding"] = "gzip"})
end
function delay() return math.random(math.floor(pause / 2), math.floor(pause * 1.5)) end
function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format("RESULT %%d %%d %%.3f %%.3f %%.3f\\n", summary.requests,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000, latency.max / 1000))
end
"""


def call(url, body=None):
    request = urllib.request.Request(url, data=None if body is None else json.dumps(body).encode())
    if body is not None:
        request.add_header("Content-Type", "application/json")
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


class Poll:
    """Pollers of some paths, until they are ended, or this program is."""

    def __init__(self, url, paths, pollers, pause):
        self.script = tempfile.NamedTemporaryFile("w", suffix=".lua")
        self.script.write(SCRIPT % (", ".join(json.dumps(path) for path in paths), int(pause * 1000)))
        self.script.flush()
        self.process = subprocess.Popen(
            ["wrk", "-t1", f"-c{pollers}", "-d1h", "--timeout", "10s", "-s", self.script.name, url],
            stdout=subprocess.PIPE, text=True)
        atexit.register(self.process.kill)

    def end(self):
        """Requests, errors and the latency's median, 99th percentile and maximum in milliseconds."""
        self.process.send_signal(signal.SIGINT)
        printed, _ = self.process.communicate()
        self.script.close()
        numbers = re.search(r"RESULT (\d+) (\d+) ([\d.]+) ([\d.]+) ([\d.]+)", printed)
        return int(numbers[1]), int(numbers[2]), *(float(numbers[k]) for k in (3, 4, 5))


def start(folder, crawl):
    log = open(folder / "auditd.log", "w")
    daemon = subprocess.Popen(
        [BUILD / "auditd", "--report-dir", folder, "--crawl-root", crawl, "--listen", "127.0.0.1:0"], stderr=log)
    while True:
        found = re.search(r"address=(127\.0\.0\.1:\d+)", (folder / "auditd.log").read_text())
        if found:
            return daemon, f"http://{found[1]}"
        if daemon.poll() is not None:
            sys.exit((folder / "auditd.log").read_text())
        time.sleep(0.1)


def memory(daemon):
    status = Path(f"/proc/{daemon.pid}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024


def deep_tokens(url, run, count):
    """Tokens of pages all over the ranking: what 'next' of such a page is."""
    pairs = call(f"{url}/v1/runs/{run}")["pairs"]
    tokens = []
    for place in range(count):
        rank = (place * 7919 * 101) % (pairs - 200) + 1
        token = json.dumps({"i": 0, "o": "risk", "v": {"rank": {"_0": rank}}}, separators=(",", ":"))
        tokens.append(base64.urlsafe_b64encode(token.encode()).decode().rstrip("="))
    return tokens


def submit(url, crawl):
    """A scan whose first epochs, more than are needed here, all do the same."""
    training = {"epochs": 82, "warmUpEpochs": 80, "slowPasses": 1}
    return call(f"{url}/v1/runs", {"crawl": crawl, "settings": {"training": training}})["id"]


def epoch_seconds(url, run):
    return [epoch["seconds"] for epoch in call(f"{url}/v1/runs/{run}/history")["epochs"]]


def wait_for_epoch(url, run, number):
    """Returns when that epoch, counted from 1, has ended."""
    while True:
        try:
            if len(epoch_seconds(url, run)) >= number:
                return
        except urllib.error.HTTPError:
            pass
        time.sleep(0.2)


def processor_seconds(daemon):
    """What auditd without its scans, and all wrk that have ended, have used."""
    fields = Path(f"/proc/{daemon.pid}/stat").read_text().rsplit(")", 1)[1].split()
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"), ended.ru_utime + ended.ru_stime


def measure(url, scan, daemon, endpoints, options):
    """Prints a line for each endpoint; the numbers of the polled epochs, and (service, wrk) processor seconds."""
    print(f"{'endpoint':<22} {'answers':>8} {'errors':>6} {'median ms':>10} {'p99 ms':>8} {'max ms':>8}")
    polled, used = [], [0.0, 0.0]
    # The first epoch reads the crawl into the cache, and the second is alone.
    number = 3
    for name, paths in endpoints.items():
        results = []
        for _ in range(options.rounds):
            wait_for_epoch(url, scan, number - 1)
            before = processor_seconds(daemon)
            polling = Poll(url, paths, options.pollers, options.pause)
            wait_for_epoch(url, scan, number)
            results.append(polling.end())
            after = processor_seconds(daemon)
            used = [used[k] + after[k] - before[k] for k in range(2)]
            polled.append(number)
            number += 2
        count, errors, median, p99, most = (
            sum(r[0] for r in results), sum(r[1] for r in results), statistics.median(r[2] for r in results),
            max(r[3] for r in results), max(r[4] for r in results))
        print(f"{name:<22} {count:>8} {errors:>6} {median:>10.2f} {p99:>8.2f} {most:>8.2f}", flush=True)
    wait_for_epoch(url, scan, number - 1)
    return polled, used


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=1_000_000)
    parser.add_argument("--pollers", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=2, help="polled epochs for each endpoint")
    parser.add_argument("--pause", type=float, default=1.0)
    parser.add_argument("--crawl", default="/usr/share/openclipart")
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "audit-polling")
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    report = options.work / f"large-{options.pairs}.sqlite"
    if not report.exists():
        subprocess.run([BUILD / "audit-benchmark", "report", "--pairs", str(options.pairs), "--epochs", "8", "--keep", report], check=True)
    # From here on in the page cache: what a cold disk takes for the rows of a deep page is not the service's.
    subprocess.run(["cat", report], stdout=subprocess.DEVNULL, check=True)
    run = f"large-{options.pairs}.1"
    daemon, url = start(options.work, options.crawl)
    try:
        base = f"/v1/runs/{run}"
        deep = [f"{base}/pairs?limit=100&after={token}" for token in deep_tokens(url, run, 200)]
        endpoints = {
            "/runs/{id}": [base], "/history": [f"{base}/history"], "/estimates": [f"{base}/estimates"],
            "/pairs, first page": [f"{base}/pairs?limit=100"], "/pairs, deep pages": deep}
        scan = submit(url, options.crawl)
        polled, (service, wrk) = measure(url, scan, daemon, endpoints, options)
        state = call(f"{url}/v1/runs/{scan}")["state"]
        seconds = epoch_seconds(url, scan)
        call(f"{url}/v1/runs/{scan}/cancel", {})
        alone = [(seconds[n - 2] + seconds[n]) / 2 for n in polled]
        during = [seconds[n - 1] for n in polled]
        slower = [100 * (b / a - 1) for a, b in zip(alone, during)]
        error = statistics.stdev(slower) / len(slower) ** 0.5 if len(slower) > 1 else float("nan")
        print(f"scan ({state}): {statistics.mean(alone):.2f} s an epoch alone, {statistics.mean(during):.2f} s with "
              f"{options.pollers} pollers ({len(polled)} epochs): {statistics.mean(slower):+.1f} % (standard error {error:.1f})")
        share = 100 / sum(during) / os.cpu_count()
        print(f"processor time while polled, of {os.cpu_count()} cores: auditd {service * share:.2f} %, wrk {wrk * share:.2f} %")
        print(f"auditd's resident memory at most {memory(daemon):.0f} MiB")
    finally:
        daemon.send_signal(signal.SIGTERM)
        daemon.wait(120)


if __name__ == "__main__":
    main()
