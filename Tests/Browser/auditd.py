"""The service's answers, fetched without the browser, and numbers as the dashboard should write them."""

import decimal
import json
import urllib.error
import urllib.parse
import urllib.request


class Service:
    """auditd at an address, asked with the token as bearer."""

    def __init__(self, base, token=None):
        self.base = base
        self.token = token

    def request(self, path, method="GET", document=None):
        """Status, headers and body of an answer, errors included."""
        request = urllib.request.Request(self.base + path, method=method)
        if document is not None:
            request.data = json.dumps(document).encode()
            request.add_header("Content-Type", "application/json")
        if self.token:
            request.add_header("Authorization", f"Bearer {self.token}")
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read()

    def get(self, path, **query):
        known = {name: value for name, value in query.items() if value is not None}
        status, _, body = self.request(path + ("?" + urllib.parse.urlencode(known) if known else ""))
        if status != 200:
            raise RuntimeError(f"GET {path} {known}: {status} {body[:300]!r}")
        return json.loads(body)

    def submit(self, crawl, settings):
        """A new run's identifier."""
        status, _, body = self.request("/v1/runs", "POST", {"crawl": crawl, "settings": settings})
        if status != 201:
            raise RuntimeError(f"POST /v1/runs: {status} {body[:300]!r}")
        return json.loads(body)["id"]

    def run(self, run, *rest, **query):
        return self.get("/v1/runs/" + "/".join([run, *map(segment, rest)]), **query)

    def verdict(self, run, pair):
        """The verdict on a pair, or None."""
        details = self.run(run, "pairs", pair["key"], ordinal=pair["ordinal"])
        return details["pairs"][0]["pair"].get("verdict")

    def take_back(self, run, pair):
        self.request(pair_path(run, pair, "verdict"), method="DELETE")

    def has_image(self, run, pair):
        status, _, _ = self.request(pair_path(run, pair, "thumbnail") + "&edge=128")
        return status == 200


def segment(text):
    """A text as one segment of a path, with the characters that JavaScript's encodeURIComponent leaves alone."""
    return urllib.parse.quote(text, safe="!'()*-._~")


def pair_path(run, pair, rest):
    return f"/v1/runs/{run}/pairs/{segment(pair['key'])}/{rest}?ordinal={pair['ordinal']}"


def number(value, digits):
    """Decimals of the number's exact value, halves away from zero."""
    text = str(decimal.Decimal(value).quantize(decimal.Decimal(1).scaleb(-digits), decimal.ROUND_HALF_UP))
    return text.lstrip("-") if set(text) <= set("-0.") else text


def count(value):
    return f"{value:,}"


def counted(value, singular):
    return f"{count(value)} {singular}" + ("" if value == 1 else "s")


def share(value):
    percent = value * 100
    if percent == 0 or abs(percent) >= 99.95:
        return number(percent, 0) + " %"
    if abs(percent) < 0.005:
        return "below 0.01 %"
    return number(percent, 1 if abs(percent) >= 1 else 2) + " %"


def risk(value):
    if value is None:
        return ""
    if 0.9995 < value < 1:
        return ">0.999"
    return "<0.001" if 0 < value < 0.0005 else number(value, 3)


def is_unknown(estimate):
    return estimate.get("low") == 0 and estimate.get("high") == 1


def estimated(estimate):
    return "unknown" if is_unknown(estimate) else share(estimate["value"])


def interval(estimate):
    if is_unknown(estimate):
        return "too few pairs to tell"
    return f"{share(estimate['low'])} to {share(estimate['high'])}" if "low" in estimate else ""


def optional(value, text):
    return "" if value is None else text(value)
