"""The list of pairs and a pair's page, against auditd's JSON."""

import contextlib
import unicodedata

from auditd import count, number, optional, risk
from outcome import check, check_that, skip
from selenium.webdriver.support.ui import Select

PAGE = 50
JOINERS = {"\u200c", "\u200d"}


def check_pair_list(browser, service, run):
    pairs = service.run(run, "pairs", order="risk", limit=PAGE, reasons="true")["pairs"]
    rows = browser.read("pairs")
    check("pairs: reasons in short", [" · ".join(pair["reasons"]) for pair in pairs], [row["why"] for row in rows])
    check_that("pairs: some have reasons", any(row["why"] for row in rows), rows[:3])
    names = [name for row in rows for name in row["choices"]]
    check("pairs: names of the verdict buttons are all different", len(names), len(set(names)))
    check("pairs: how many are shown first", len(pairs), len(rows))
    check("pairs: first 20 in order", [described(pair) for pair in pairs[:20]],
          [[row["key"], row["rank"], row["risk"], row["similarity"], row["safe"]] for row in rows[:20]])
    both = list(zip(pairs, rows))[:20]
    captions = [beginning(pair["caption"], row) for pair, row in both]
    check("pairs: first 20 captions", captions, [row["caption"] for _, row in both])
    unseen = [hidden(row["unmarked"]) for row in rows]
    check("pairs: characters that hide or reorder text", [], [characters for characters in unseen if characters])
    verdicts = [pair.get("verdict", {}).get("verdict") for pair in pairs]
    check("pairs: verdicts", verdicts, [row["verdict"] for row in rows])


def beginning(caption, row):
    """As much of a caption as its row shows."""
    if row["isCut"]:
        return caption[:len(row["caption"]) - 1] + "…"
    return caption or "empty"


def described(pair):
    safe = pair.get("safe")
    return [pair["key"], optional(pair.get("rank"), count), risk(pair.get("risk")),
            optional(pair.get("similarity"), lambda x: number(x, 3)), "" if safe is None else "safe" if safe else "no"]


def hidden(text):
    """Controls, format characters and separators that should have been written out."""
    return [f"U+{ord(letter):04X}" for letter in text
            if unicodedata.category(letter) in ("Cc", "Cf", "Zl", "Zp") and letter not in JOINERS]


def check_thumbnails(browser, service, run):
    """Every image of the first page is there, but for those that auditd says are gone."""
    pairs = service.run(run, "pairs", order="risk", limit=PAGE)["pairs"]
    for place in range(0, len(pairs), 5):  # They are loaded when they come near the window.
        browser.driver.execute_script(
            "document.querySelectorAll('table.pairs tbody tr')[arguments[0]].scrollIntoView({block: 'center'})", place)
        browser.wait_until(lambda: are_loaded(browser.read("pairs")[place:place + 5]),
                           f"images after {place} are loaded")
    rows = browser.read("pairs")
    missing = [pair["key"] for pair, row in zip(pairs, rows) if not (row["image"] and row["image"]["width"] > 0)]
    gone = [pair["key"] for pair in pairs if pair["key"] in missing and not service.has_image(run, pair)]
    check("pairs: images that are missing", gone, missing)
    check_that("pairs: some images are there", len(missing) < len(pairs), missing)
    browser.driver.execute_script("scrollTo(0, 0)")


def are_loaded(rows):
    return all(row["image"] is None or row["image"]["complete"] for row in rows)


def check_more(browser, service, run):
    if "next" not in service.run(run, "pairs", limit=PAGE):
        return skip("pairs: load more", f"not more than {PAGE}")
    browser.driver.execute_script("document.querySelector('.end button').click()")
    browser.wait_until(lambda: len(browser.read("pairs")) > PAGE, "more pairs are shown")
    check("pairs: after Load more", [pair["key"] for pair in service.run(run, "pairs", limit=2 * PAGE)["pairs"]],
          keys(browser))


def check_search(browser, service, run):
    """Search and filters give what auditd gives for the same query, and stand in the address."""
    words = [word for pair in service.run(run, "pairs", limit=PAGE)["pairs"] for word in pair["caption"].split()]
    word = next((word for word in words if word.isascii() and word.isalpha() and 4 <= len(word) < 20), None)
    if word:
        browser.press("/")
        check("pairs: / goes to the search field", "input#q", browser.read("focused"))
        browser.type_over("#q", word)
        check_query(browser, service, run, f"search for {word}", {"q": word})
        browser.type_over("#q", "")
        check_query(browser, service, run, "no search", {})
    for name, value in (("safe", "true"), ("order", "key"), ("verdict", "none")):
        Select(browser.find(f"#{name}")).select_by_value(value)
        check_query(browser, service, run, f"{name} {value}", {name: value})
        Select(browser.find(f"#{name}")).select_by_value("")
    browser.type_over("#maxRisk", "0.5")
    check_query(browser, service, run, "risk up to 0.5", {"maxRisk": "0.5"})


def check_query(browser, service, run, what, query):
    expected = [pair["key"] for pair in service.run(run, "pairs", limit=PAGE, **{"order": "risk", **query})["pairs"]]
    address = f"#/runs/{run}/pairs" + "".join(f"?{name}={value}" for name, value in query.items())
    browser.wait_until(lambda: browser.read("fragment") == address, f"the address is {address}")
    with contextlib.suppress(TimeoutError):  # The check tells more.
        browser.wait_until(lambda: keys(browser) == expected, "the list is the new one", seconds=5)
    check(f"pairs: {what}", expected, keys(browser))


def keys(browser):
    return [row["key"] for row in browser.read("pairs")]


def check_hostile(browser, service, run):
    """Markup in a caption is text."""
    found = [pair for pair in service.run(run, "pairs", q="script", limit=PAGE)["pairs"] if "<" in pair["caption"]]
    if not found:
        return skip("pairs: markup in a caption", "no caption holds any")
    browser.open(f"#/runs/{run}/pairs?q=script")
    shown = {row["key"]: row["caption"] for row in browser.read("pairs") if not row["isCut"]}
    for pair in found:
        if pair["key"] in shown:
            check("pairs: markup in a caption is shown", pair["caption"], shown[pair["key"]])
    check("pairs: no script of a caption ran", [None, ["/assets/main.js"]], browser.read("hacked"))
    check("pairs: no element came out of a caption", [], browser.read("strangers"))


def check_pair(browser, service, run, pair):
    details = service.run(run, "pairs", pair["key"], ordinal=pair["ordinal"])
    evidence = details["pairs"][0]
    check("pair: heading", "Pair " + details["key"], browser.read("headingOriginal"))
    check("pair: evidence", evidence["reasons"], browser.read("items", "Evidence"))
    facts = browser.read("facts", "dl.facts")
    check("pair: numbers", [optional(pair.get("rank"), count), optional(pair.get("similarity"), float), pair["source"]],
          [facts.get("Rank", ""), optional(facts.get("Similarity"), float), facts["Source"]])
    history = [[str(entry["epoch"] + 1), "in" if entry["isSafe"] else "out"] for entry in evidence["history"]]
    check("pair: safe set's history", history, browser.read("strip"))
    twins = browser.read("sectionText", "Twins")
    check_that("pair: twins", twins.startswith(f"Twins{count(evidence['sameImage'])} other pair"), twins)
    if service.has_image(run, pair):
        browser.wait_until(lambda: (browser.read("picture") or {}).get("complete"), "the image is loaded")
        check_that("pair: image", browser.read("picture")["width"] > 0, browser.read("picture"))
