"""What a check says: a line when it holds, and both sides when it does not."""


class Failure(Exception):
    """A check that did not hold."""

    def __init__(self, what, expected, found):
        super().__init__(f"{what}\n  expected: {short(expected)}\n  found:    {short(found)}")


def short(value):
    text = repr(value)
    return text if len(text) <= 1500 else text[:1500] + "…"


def check(what, expected, found):
    """Both must be equal; of lists the first difference is told."""
    if expected != found:
        if expected and isinstance(expected, list) and isinstance(found, list):
            for place, (one, other) in enumerate(zip(expected, found)):
                if one != other:
                    raise Failure(f"{what}, entry {place + 1} of {len(expected)}", one, other)
            raise Failure(f"{what}: number of entries", len(expected), len(found))
        raise Failure(what, expected, found)
    print(f"ok    {what}", flush=True)


def check_that(what, holds, found):
    """A condition must hold."""
    if not holds:
        raise Failure(what, "it holds", found)
    print(f"ok    {what}", flush=True)


class Skips:
    """Whether what cannot be checked is left out, or fails: where all was made that there is to look at."""

    are_failures = False


def skip(what, why):
    if Skips.are_failures:
        raise Failure(what, "it is checked", why)
    print(f"skip  {what}: {why}", flush=True)
