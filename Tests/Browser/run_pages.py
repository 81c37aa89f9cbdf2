"""The list of runs, a run's page, the comparison and the rejected pieces, against auditd's JSON."""

from auditd import count, counted, estimated, interval, number, optional, share
from every_page import check_page
from outcome import check, check_that, skip

ESTIMATE_TITLES = {
    "mismatchRate": "that behave like shuffled ones", "mixtureRiskyShare": "in the mixture's lower component",
}
SUBJECTS = {"crawl": "crawl", "safeSet": "safe set"}


def check_run_list(browser, service):
    runs = service.get("/v1/runs", limit=100)["runs"]
    check("runs: all of them, newest first", [run["id"] for run in runs], browser.read("runs"))
    for run, row in zip(runs, browser.read("tableRows", "table.runs")):
        if run["state"] in ("running", "queued"):
            continue  # They change while they are looked at.
        check_that(f"runs: state of {run['id']}", run["state"] in row[2], row[2])
        check(f"runs: values of {run['id']}", [
            optional(run["pairs"] or None, count), optional(run.get("alignment"), three),
            optional(run.get("safeShare"), share), mismatched(run),
        ], [row[4], row[7], row[8], row[9]])


def mismatched(run):
    """As the run's own page says it."""
    if "mismatchRate" not in run:
        return ""
    return estimated({"value": run["mismatchRate"], "low": run["mismatchRateLow"], "high": run["mismatchRateHigh"]})


def three(value):
    return number(value, 3)


def check_run(browser, service, run):
    details = service.run(run)
    estimates = service.run(run, "estimates")
    figures = browser.read("facts", "dl.figures")
    check("run: pairs", count(estimates["pairs"]), figures["Pairs"])
    if "alignment" in estimates:
        shown = figures["Alignment"]
        check_that("run: alignment", shown.startswith(three(estimates["alignment"])), [shown, estimates["alignment"]])
    if "safeCount" in estimates:
        safe = estimates["safeCount"]
        check("run: safe set", share(safe / estimates["pairs"]) + counted(safe, "pair"), figures["Safe set"])
    review = estimates["review"]
    tally = {name: count(review[name.lower()]) for name in ("Poison", "Clean", "Unsure")}
    check("run: review", tally, browser.read("facts", "dl.tally"))
    rows = browser.read("captionedTable", "Estimates") or []
    check("run: estimates", [described(estimate) for estimate in estimates["estimates"]], [row[:4] for row in rows])
    if "trust" in estimates:
        shown = browser.read("sectionText", "Estimates")
        check_that("run: how far to trust", estimates["trust"] in shown, shown)
    check_history(browser, service.run(run, "history")["epochs"])
    check_mixture(browser, service, details)
    check_exports(browser, run)


def described(estimate):
    return [ESTIMATE_TITLES.get(estimate["name"], estimate["name"]),
            SUBJECTS.get(estimate["subject"], estimate["subject"]), estimated(estimate), interval(estimate)]


def check_history(browser, epochs):
    losses = browser.read("captionedTable", "Loss: values")
    check("run: losses of all epochs", [[count(epoch["number"] + 1), three(epoch["loss"])] for epoch in epochs],
          [[row[0], row[4]] for row in losses])
    if any("alignment" in epoch for epoch in epochs):
        rows = browser.read("captionedTable", "Alignment: values")
        check("run: alignment of all epochs", [optional(epoch.get("alignment"), three) for epoch in epochs],
              [row[2] for row in rows])
    if any("safeShare" in epoch for epoch in epochs):
        rows = browser.read("captionedTable", "Safe set: values")
        check("run: safe set of all epochs", [optional(epoch.get("safeShare"), share) for epoch in epochs],
              [row[3] for row in rows])


def check_mixture(browser, service, details):
    rows = browser.read("captionedTable", "Similarities: values")
    if rows is None:
        return skip("run: histogram", "no epoch has a mixture")
    mixture = service.run(details["id"], "mixture", epoch=details.get("scoredEpoch"), bins=256)
    column = [int(row[2].replace(",", "")) for row in rows]
    check("run: histogram holds all pairs", sum(mixture["counts"]), sum(column))
    check("run: histogram's largest bin", max(mixture["counts"]), max(column))
    # The curves' sum is as large as the bars' as far as the bins reach.
    expected = sum(float(row[-1]) for row in rows)
    check_that("run: mixture is scaled to the pairs", abs(expected / sum(column) - 1) < 0.03, [expected, sum(column)])


def check_live(browser, service):
    """The page of a scan that goes on follows it."""
    runs = [run for run in service.get("/v1/runs", state="running")["runs"] if "progress" in run]
    if not runs:
        return skip("live: a run that goes on", "none does")
    run = runs[0]["id"]
    browser.open(f"#/runs/{run}")
    check_page(browser, service, "live", run)
    browser.wait_until(lambda: browser.read("progress"), "progress is shown")
    first = browser.read("progress")
    check_that("live: progress is shown", first, first)
    browser.wait_until(lambda: browser.read("progress") != first, "progress goes on without reloading", seconds=60)
    check_that("live: progress goes on", True, first)
    epochs = len(service.run(run, "history")["epochs"])
    browser.wait_until(lambda: len(browser.read("captionedTable", "Loss: values") or []) > epochs,
                       "an epoch that ends is shown without reloading", seconds=60)
    check_that("live: epochs are shown as they end", True, epochs)


def check_exports(browser, run):
    links = [address for _, address in browser.read("links", "a[download]")]
    for what, format in [("risky", "csv"), ("safe", "csv"), ("all", "csv"), ("all", "jsonl"), ("risky", "txt")]:
        address = f"/v1/runs/{run}/export?what={what}&format={format}"
        check_that(f"run: link to {what} {format}", address in links, links)


def check_charts(browser, service):
    """Charts are painted, say their values, and are painted anew in the other colour scheme."""
    if service.request("/assets/chart.js")[0] != 200:
        shown = browser.read("mainText")
        check_that("run: says why there are no charts", "Chart.js is not installed" in shown, shown)
        return check("run: no empty charts", [], browser.read("charts"))
    browser.wait_until(lambda: all(chart["colors"] > 3 for chart in browser.read("charts")), "all charts are painted")
    light = browser.read("charts")
    check("run: charts that are not told in words", [], [chart for chart in light if len(chart["label"]) < 20])
    check_that("run: at least two charts", len(light) >= 2, light)
    browser.show_as(1280, "dark")
    browser.wait_until(lambda: all(one["sum"] != other["sum"] for one, other in zip(light, browser.read("charts"))),
                       "all charts are painted anew for dark colours", seconds=5)
    check("run: charts in dark colours", len(light), len(browser.read("charts")))
    browser.show_as(1280, "light")


def check_comparison(browser, service, one, other):
    comparison = service.run(one, "compare", other)
    facts = browser.read("facts", "dl.facts")
    if not comparison["inBoth"]:
        skip("compare: runs of one crawl", "they have no pair in common")
    else:
        for name in ("rankCorrelation", "settings", "riskierInA", "riskierInB"):
            check_that(f"compare: there is {name} to look at", comparison.get(name), comparison)
    if "rankCorrelation" in comparison:
        check("compare: rank correlation", three(comparison["rankCorrelation"]), facts["Rank correlation"])
    check("compare: pairs in both", count(comparison["inBoth"]), facts["Pairs in both"])
    rows = browser.read("captionedTable", "Safe sets, over pairs in both runs")
    counts = [comparison["safeInBoth"], comparison["safeOnlyInA"], comparison["safeOnlyInB"]]
    counts.append(comparison["inBoth"] - sum(counts))
    check("compare: safe sets", [count(value) + share(value / (comparison["inBoth"] or 1)) for value in counts],
          [cell for row in rows for cell in row[1:]])
    rows = browser.read("captionedTable", "Settings that differ") or []
    names = [setting["name"] for setting in comparison["settings"]]
    check("compare: settings that differ", names, [row[0] for row in rows])
    for side, (a, b) in (("riskierInA", (one, other)), ("riskierInB", (other, one))):
        rows = browser.read("captionedTable", f"Riskier in {a} than in {b}")
        if side == "riskierInB" and one == other:
            continue  # Both tables have one title then.
        check(f"compare: {side}", [[count(mover["rankA"]), count(mover["rankB"])] for mover in comparison[side]],
              [row[2:4] for row in rows or []])


def check_rejected(browser, service, run):
    rejected = service.run(run, "rejected", limit=100)
    if not rejected["counts"]:
        shown = browser.read("mainText")
        return check_that("rejected: says that there is nothing", "Nothing was rejected" in shown, shown)
    total = sum(entry["count"] for entry in rejected["counts"])
    numbers = [text.split(" ")[-1] for text, _ in browser.read("links", ".reasons a")]
    check("rejected: counts", [count(total), *[count(entry["count"]) for entry in rejected["counts"]]], numbers)
    messages = [" ".join(piece["message"].split()) for piece in rejected["rejected"]]
    check("rejected: messages", messages, [row[3] for row in browser.read("tableRows", "main")])
    reason = rejected["counts"][0]["reason"]
    browser.driver.execute_script("document.querySelectorAll('.reasons a')[1].click()")
    browser.wait_until(lambda: f"reason={reason}" in browser.read("fragment"), "the reason stands in the address")
    browser.wait_for_page()
    only = service.run(run, "rejected", limit=100, reason=reason)["rejected"]
    check("rejected: one reason alone", len(only), len(browser.read("tableRows", "main")))
