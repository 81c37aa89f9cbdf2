"""What must hold on every page, in every width and colour scheme."""

import urllib.parse

from outcome import check, check_that

DIRECTIVES = [
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "frame-ancestors 'none'",
]


def check_page(browser, service, name, subject):
    """Accessibility, layout and console of the page that is open; its title and heading speak of `subject`."""
    headings = browser.read("headings")
    check(f"{name}: one h1", 1, len(headings))
    check_that(f"{name}: title and heading speak of {subject}",
               subject in headings[0] and subject in browser.read("title"), [headings[0], browser.read("title")])
    check(f"{name}: language", "en", browser.read("language"))
    check(f"{name}: landmarks that are missing", [], browser.read("landmarks"))
    check(f"{name}: controls and images without a name", [], browser.read("unnamed"))
    check(f"{name}: errors shown", [], browser.read("problems"))
    check(f"{name}: elements over the window's edge", [], browser.read("overflowing"))
    check(f"{name}: texts with too little contrast", [], browser.read("faint"))
    check(f"{name}: elements that a caption could have made", [], browser.read("strangers"))
    check_console(browser, service, name)


def check_console(browser, service, name):
    """No error in the console, but for images that auditd itself says are gone, and for Chart.js not installed."""
    bad = [entry["message"] for entry in browser.log()
           if entry["level"] == "SEVERE" and not is_known(entry["message"], service)
           or "Content Security Policy" in entry["message"]]
    check(f"{name}: errors in the console", [], bad)


def is_known(message, service):
    if "/assets/chart.js" in message:
        return service.request("/assets/chart.js")[0] == 404
    address = urllib.parse.urlsplit(message.split(" ")[0])
    if "404" not in message or not address.path.endswith("/thumbnail"):
        return False
    return service.request(f"{address.path}?{address.query}")[0] == 404


def check_headers(service):
    """The page itself: its policy allows nothing inline and nothing from elsewhere, and it needs neither."""
    status, headers, body = service.request("/")
    check("index: status", 200, status)
    policy = headers.get("Content-Security-Policy", "")
    for directive in DIRECTIVES:
        check_that(f"index: policy has {directive}", directive in policy, policy)
    check_that("index: policy allows nothing unsafe", "unsafe" not in policy, policy)
    text = body.decode()
    inline = [part for part in (" style=", "<style", "<script>", "//", " on") if part in text]
    check("index: what is inline or from elsewhere", [], inline)
