"""The address under which people reach this server, for links that they hand on."""

import re
from typing import Final

import falcon

# A host name or address with its port; what else a request may claim must not get into a text that is copied.
_HOST: Final = re.compile(r"[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?|\[[0-9A-Fa-f:.]{2,45}\](:[0-9]{1,5})?")
STANDS_FOR_ONE: Final = "https://exlogare.example.com"


def base_address(req: falcon.Request, *, secure: bool) -> str:
    """Give the scheme and the host that a browser used, without a slash at the end.

    Args:
        req: the request; the answer goes to its browser alone and is never kept.
        secure: whether browsers come by HTTPS, as a proxy in front may not say.
    """
    host = req.netloc
    if not _HOST.fullmatch(host):
        return STANDS_FOR_ONE
    return f"{'https' if secure else req.scheme}://{host}"
