"""Keys that let a picture of figures be shown where nobody is signed in: a README, a wiki, a report.

A key is an HMAC of what it opens, made with the server's secret keys: it cannot be guessed, opens nothing but
the pictures of one tenant (or of one project of it), and needs no row. Who has the picture's address has the
picture. Keys end when the secret key that made them is taken out of the settings.
"""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from uuid import UUID

from exlogare_server.errors import NotFoundError

# Another purpose must never make the same digest of the same key.
_PURPOSE = b"exlogare chart v1"


class ChartKeys:
    """Makes and checks keys.

    Args:
        secrets: the server's secret keys; the first one signs, all of them are believed.
    """

    def __init__(self, secrets: Sequence[str]) -> None:
        self._keys = [hmac.digest(secret.encode(), _PURPOSE, hashlib.sha256) for secret in secrets]

    def sign(self, tenant_id: UUID, project: str | None) -> str:
        """Make the key of a tenant's pictures, or of those of one project: 43 characters."""
        return _sign(self._keys[0], tenant_id, project)

    def check(self, tenant_id: UUID | None, project: str | None, key: str) -> UUID:
        """Give the tenant's id back when the key is right.

        Raises:
            NotFoundError: it is not. The same as for a tenant that does not exist.
        """
        # All are tried, so that the time does not tell which one it was.
        tried = [
            hmac.compare_digest(_sign(secret, tenant_id, project).encode(), key.encode("utf-8", "replace"))
            for secret in self._keys
            if tenant_id is not None
        ]
        if tenant_id is None or not any(tried):
            raise NotFoundError("There is no such picture.")
        return tenant_id


def _sign(secret: bytes, tenant_id: UUID, project: str | None) -> str:
    # The length of the id is fixed, so no two pairs are one text; no project's name is empty.
    digest = hmac.digest(secret, tenant_id.bytes + (project or "").encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
