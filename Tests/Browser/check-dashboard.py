#!/usr/bin/python3
"""Drives auditd's dashboard in Chromium and holds what it shows against auditd's JSON.

The service must serve at least one finished run. Verdicts are given and taken back; nothing else is changed, but for the
scan that --scan submits and cancels.
Prints a line for each check and ends with status 1 at the first that fails.
"""

import argparse
import pathlib
import sys
import tempfile

sys.dont_write_bytecode = True  # Tests leave nothing beside their sources.

from selenium.common.exceptions import WebDriverException

from auditd import Service, segment
from chromium import Chromium
from every_page import check_console, check_headers, check_page
from outcome import Failure, Skips, check, check_that, skip
from pair_pages import check_hostile, check_more, check_pair, check_pair_list, check_search, check_thumbnails
from reviewing import check_review
from run_pages import check_charts, check_comparison, check_live, check_rejected, check_run, check_run_list

VIEWS = [("light", 1280, "light"), ("dark", 1280, "dark"), ("narrow", 390, "light")]
KEPT = {"runs-light", "run-dark", "live-light", "pairs-light", "pair-light", "compare-light", "pairs-narrow"}


class Tour:
    """All pages of one run, and of one comparison."""

    def __init__(self, browser, service, screenshots):
        self.browser, self.service, self.screenshots = browser, service, screenshots
        finished = service.get("/v1/runs", state="finished", limit=1000)["runs"]
        finished = [run["id"] for run in finished if run["pairs"] > 0]
        check_that("auditd serves a finished run", finished, finished)
        # The run with the most to look at: rejected pieces or hostile captions are rare.
        self.run = max(finished, key=lambda run: service.run(run).get("rejected", 0))
        self.compared = self.alike(finished) or (self.run, next((run for run in finished if run != self.run), self.run))
        self.pair = service.run(self.run, "pairs", limit=1)["pairs"][0]
        self.pages = [
            ("runs", "#/", "Runs"),
            ("run", f"#/runs/{self.run}", self.run),
            ("pairs", f"#/runs/{self.run}/pairs", self.run),
            ("pair", self.fragment_of(self.pair), "Pair"),
            ("compare", f"#/runs/{self.compared[0]}/compare/{self.compared[1]}", self.compared[1]),
            ("rejected", f"#/runs/{self.run}/rejected", self.run),
        ]
        running = [run["id"] for run in service.get("/v1/runs", state="running")["runs"] if run["pairs"] > 0]
        self.pages += [("live", f"#/runs/{run}", run) for run in running[:1]]

    def alike(self, runs):
        """Two runs of one crawl, which have pairs in common; None where there are none."""
        crawls = {}
        for run in runs:
            crawls.setdefault(self.service.run(run)["crawl"], []).append(run)
        return next(((found[0], found[1]) for found in crawls.values() if len(found) > 1), None)

    def fragment_of(self, pair):
        return f"#/runs/{self.run}/pairs/{segment(pair['key'])}?ordinal={pair['ordinal']}"

    def looks(self):
        """Every page in every view."""
        for view, width, scheme in VIEWS:
            self.browser.show_as(width, scheme)
            for name, fragment, subject in self.pages:
                self.browser.open(fragment)
                check_page(self.browser, self.service, f"{name} {view}", subject)
                found = "dark" if self.browser.read("backgroundLuminance") < 0.1 else "light"
                check(f"{name} {view}: colours of the scheme", scheme, found)
                self.browser.wait_until(lambda: self.browser.read("imagesInSightAreLoaded"), "images are loaded")
                if self.screenshots and f"{name}-{view}" in KEPT:
                    self.browser.screenshot(self.screenshots / f"{name}-{view}.png")
        self.browser.show_as(1280, "light")

    def contents(self):
        """What each page shows."""
        browser, service, run = self.browser, self.service, self.run
        fragments = {name: fragment for name, fragment, _ in self.pages}
        browser.open(fragments["runs"])
        check_run_list(browser, service)
        browser.open(fragments["run"])
        check_run(browser, service, run)
        check_charts(browser, service)
        browser.open(fragments["pairs"])
        check_pair_list(browser, service, run)
        check_thumbnails(browser, service, run)
        check_more(browser, service, run)
        browser.open(fragments["pair"])
        check_pair(browser, service, run, self.pair)
        self.odd_key()
        browser.open(fragments["compare"])
        check_comparison(browser, service, *self.compared)
        browser.open(fragments["rejected"])
        check_rejected(browser, service, run)

    def odd_key(self):
        """A pair whose key must be encoded in addresses."""
        pairs = self.service.run(self.run, "pairs", limit=1000)["pairs"]
        odd = max(pairs, key=lambda pair: sum(segment(letter) != letter for letter in pair["key"]))
        self.browser.open(self.fragment_of(odd))
        check_pair(self.browser, self.service, self.run, odd)

    def work(self):
        """What a person does."""
        browser, service = self.browser, self.service
        browser.open(f"#/runs/{self.run}/pairs")
        check_search(browser, service, self.run)
        check_hostile(browser, service, self.run)
        check_review(browser, service, self.run)
        check_live(browser, service)
        browser.open("#/")
        browser.go(f"#/runs/{self.run}")
        check("a new page's heading has the focus", "h1", browser.read("focused"))
        browser.go("#/nowhere")
        check("an address that leads nowhere says so", ["Not found"], browser.read("headings"))
        check_console(browser, service, "at the end")


def sign_in(browser, token):
    """The form for the token: a wrong one is refused, the right one opens the page."""
    browser.driver.get(browser.base + "/")
    browser.wait_until(lambda: browser.read("headings") == ["Sign in"], "the token is asked for")
    browser.find("#token").send_keys("wrong" + token)
    browser.find("form button").click()
    browser.wait_until(lambda: browser.read("problems"), "a wrong token is refused")
    browser.type_over("#token", token)
    browser.find("form button").click()
    browser.wait_until(lambda: browser.read("headings") == ["Runs"], "the right token opens the page")
    check("signing in", ["Runs"], browser.read("headings"))
    browser.log()  # Chromium writes down each refused call; these were meant to be refused.


def sign_out(browser):
    browser.find("#signOut").click()
    browser.wait_until(lambda: browser.read("headings") == ["Sign in"], "after signing out the token is asked for")
    check("signing out", ["Sign in"], browser.read("headings"))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default="http://127.0.0.1:8787", help="where auditd listens (default: %(default)s)")
    parser.add_argument("--token", help="auditd's token, where it was started with one")
    parser.add_argument("--scan", metavar="CRAWL", help="submit a long scan of this crawl to look at; cancelled at the end")
    parser.add_argument("--preset", help="the model of that scan (default: auditd's)")
    parser.add_argument("--complete", action="store_true", help="fail where something is not there to be checked")
    parser.add_argument("--screenshots", type=pathlib.Path, metavar="DIR", help="folder for pictures of the pages")
    options = parser.parse_args()
    if options.screenshots:
        options.screenshots.mkdir(parents=True, exist_ok=True)
    service = Service(options.url.rstrip("/"), options.token)
    Skips.are_failures = options.complete
    browser = Chromium(service.base)
    scan = None
    try:
        if options.scan:
            # Longer than anybody looks; it stands back behind the browser.
            settings = {"threads": 1, "training": {"epochs": 2000, "warmUpEpochs": 1, "slowPasses": 1, "batchSize": 24}}
            scan = service.submit(options.scan, settings | ({"preset": options.preset} if options.preset else {}))
        check_headers(service)
        if options.token:
            sign_in(browser, options.token)
        else:
            skip("signing in", "no --token")
        tour = Tour(browser, service, options.screenshots)
        tour.looks()
        tour.contents()
        tour.work()
        if options.token:
            sign_out(browser)
    except (Failure, TimeoutError, WebDriverException) as failure:
        picture = (options.screenshots or pathlib.Path(tempfile.gettempdir())) / "dashboard-failure.png"
        browser.screenshot(picture)
        what = str(failure).partition("Stacktrace")[0].strip()
        print(f"FAIL  {what}\n  page:     {browser.driver.current_url}\n  picture:  {picture}", flush=True)
        return 1
    finally:
        if scan:
            service.request(f"/v1/runs/{scan}/cancel", "POST")
        browser.close()
    print("all checks hold")
    return 0


if __name__ == "__main__":
    sys.exit(main())
