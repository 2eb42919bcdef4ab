"""The way to the endpoint: one request, TLS verified, no redirects, bounded in time and size."""

from typing import Protocol

from exlogare_ci.__about__ import __version__
from exlogare_ci.answers import Reply
from exlogare_ci.assist.settings import AssistSettings


class ChatSession(Protocol):
    """What ``assist`` needs of the network."""

    def post(self, url: str, body: bytes, timeout_s: float) -> Reply:
        """Send JSON and give the answer, whatever its status; redirects are not followed.

        Raises:
            ClientError: no answer, or none in time; its ``cause`` is a sentence.
        """


class HttpSession:
    """The network itself.

    Args:
        settings: the key and the certificates.
    """

    def __init__(self, settings: AssistSettings) -> None:
        self._settings = settings

    def post(self, url: str, body: bytes, timeout_s: float) -> Reply:
        """See ``ChatSession``.

        Raises:
            UnavailableError: no answer, or none within ``timeout_s``, or a certificate that cannot be verified.
            SettingsError: the address, a proxy's, or the file of certificates cannot be used.
        """
        from exlogare_ci.attempt import Body, Request, attempt  # noqa: PLC0415 - loads requests

        request = Request(
            method="POST",
            url=url,
            headers={
                "User-Agent": f"exlogare-ci/{__version__}",
                "Accept": "application/json",
                "Content-Type": "application/json",
            },
            body=Body(lambda: (body,)),
            token=self._settings.api_key,
            ca_bundle=self._settings.ca_bundle,
            use_proxies=not self._settings.is_loopback,
        )
        return attempt(request, timeout_s)
