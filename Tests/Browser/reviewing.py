"""A review by keyboard, which leaves the report as it was found."""

import contextlib
import time

from outcome import check, check_that, skip
from selenium.webdriver.common.keys import Keys


def check_review(browser, service, run):
    browser.open(f"#/runs/{run}/pairs?verdict=none")
    pairs = service.run(run, "pairs", verdict="none", limit=10)["pairs"]
    if len(pairs) < 3:
        return skip("review", "fewer than three pairs are left to review")
    with left_as_found(service, run, pairs[:3]):
        check_keys(browser, service, run, pairs)
        check_fields(browser, service, run, pairs)
        check_pair_page(browser, service, run, pairs[1])


@contextlib.contextmanager
def left_as_found(service, run, pairs):
    """None of the pairs had a verdict, and none has one afterwards."""
    try:
        yield
    finally:
        for pair in pairs:
            if service.verdict(run, pair):
                service.take_back(run, pair)


def check_keys(browser, service, run, pairs):
    pair = pairs[1]
    check("review: the first pair is selected", 0, current(browser))
    browser.press("j")
    check("review: j goes to the next pair", [1, pair["key"], True],
          [current(browser), browser.read("pairs")[1]["key"], browser.read("pairs")[1]["hasFocus"]])
    browser.press("p")
    check("review: p is shown at once", "poison", browser.read("pairs")[1]["verdict"])
    until_kept(browser, service, run, pair, "poison")
    check("review: p is kept by auditd", "poison", service.verdict(run, pair)["verdict"])
    check("review: p goes on to the next pair", 2, current(browser))
    check_that("review: p is announced", "poison" in browser.read("announced"), browser.read("announced"))
    browser.press("k", "c")
    until_kept(browser, service, run, pair, "clean")
    check("review: k and c change the verdict", "clean", browser.read("pairs")[1]["verdict"])
    browser.press(Keys.ARROW_UP, "x")
    until_kept(browser, service, run, pair, None)
    check("review: x takes the verdict back", None, browser.read("pairs")[1]["verdict"])
    browser.press("?")
    check_that("review: ? lists the keys", browser.driver.find_elements("css selector", "dialog[open]"), "no dialog")
    browser.press(Keys.ESCAPE)
    browser.wait_until(lambda: not browser.driver.find_elements("css selector", "dialog"), "Escape closes the keys")


def check_fields(browser, service, run, pairs):
    """Keys typed into a field, or with Ctrl, judge nothing."""
    browser.press_with(Keys.CONTROL, "u")
    browser.press_with(Keys.ALT, "p")
    browser.find("#reviewer").send_keys("pcu")
    time.sleep(0.5)  # Nothing happens, which cannot be waited for.
    check("review: letters in a field and with Ctrl or Alt judge nothing", [None, None, None],
          [service.verdict(run, pair) for pair in pairs[:3]])
    check("review: they reach the field", "pcu", browser.find("#reviewer").get_property("value"))
    browser.type_over("#reviewer", "")


def check_pair_page(browser, service, run, pair):
    browser.driver.execute_script(
        "const row = document.querySelectorAll('table.pairs tbody tr')[1]; row.focus(); row.click();")
    browser.press(Keys.ENTER)
    browser.wait_until(lambda: "ordinal=" in browser.read("fragment"), "Enter opens the pair's page")
    browser.wait_for_page()
    check("review: Enter opens the pair", "Pair " + pair["key"], browser.read("headingOriginal"))
    check("review: the focus is on its heading", "h1", browser.read("focused"))
    browser.press("u")
    until_kept(browser, service, run, pair, "unsure")
    check("review: u on the pair's page", "unsure", browser.read("verdictShown"))
    browser.press(Keys.BACKSPACE)
    until_kept(browser, service, run, pair, None)
    check("review: Backspace takes it back", None, browser.read("verdictShown"))
    browser.driver.back()
    browser.wait_for_page()
    browser.wait_until(lambda: browser.read("pairs"), "the list is there again")
    check("review: back in the list the pair is still selected", 1, current(browser))


def current(browser):
    return next((place for place, row in enumerate(browser.read("pairs")) if row["isCurrent"]), None)


def until_kept(browser, service, run, pair, verdict):
    """Waits until auditd has the verdict, or none."""
    browser.wait_until(lambda: (service.verdict(run, pair) or {}).get("verdict") == verdict,
                       f"auditd has the verdict {verdict}", seconds=5)
