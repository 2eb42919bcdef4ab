"""What a request carries from the middleware to the handlers."""

import random
import re
import time
import uuid

import falcon

REQUEST_ID_HEADER = "X-Request-ID"

# What log systems and humans can copy: no blanks, no quotes, nothing that ends a line.
_SANE_ID = re.compile(r"[A-Za-z0-9._:/+=@-]{1,128}")


def begin(req: falcon.Request) -> None:
    """Give a request its id (the caller's, if it sent a sane one) and its starting time."""
    sent = req.get_header(REQUEST_ID_HEADER)
    req.context.request_id = sent if sent and _SANE_ID.fullmatch(sent) else _new_id()
    req.context.started_s = time.perf_counter()
    req.context.tenant = ""


def _new_id() -> str:
    """Make a UUID. Nobody has to be unable to guess it, so the system is not asked for each one's random bits."""
    return str(uuid.UUID(int=random.getrandbits(128), version=4))


def request_id(req: falcon.Request) -> str:
    """Give the request's id; empty before ``begin``."""
    return str(getattr(req.context, "request_id", ""))


def started_s(req: falcon.Request) -> float:
    """Give the request's start by ``time.perf_counter``."""
    return float(getattr(req.context, "started_s", time.perf_counter()))


def elapsed_ms(req: falcon.Request) -> float:
    """Give the time since the request's start, in milliseconds."""
    return round((time.perf_counter() - started_s(req)) * 1000, 2)
