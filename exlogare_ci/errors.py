"""What can go wrong between a job and the server, as sentences. Imports nothing of ours.

Each class is one kind that a caller may want to treat apart; the command line gives each an exit code.
"""


class ClientError(Exception):
    """Base of all of them.

    Attributes:
        cause: one sentence: what is wrong, and where.
        fix: one sentence: what to do next; empty when there is nothing to do.
    """

    def __init__(self, cause: str, fix: str = "") -> None:
        super().__init__(f"{cause} {fix}".strip())
        self.cause = cause
        self.fix = fix


class SettingsError(ClientError):
    """A setting has a value that cannot be used."""


class MissingSettingError(ClientError):
    """The server's URL or the token is not set."""


class KeychainError(ClientError):
    """The system's keychain is missing, locked or broken."""


class PayloadError(ClientError):
    """The run cannot be described as the server's contract wants it."""


class EmptyLogError(PayloadError):
    """There is no log text to send."""


class UploadError(ClientError):
    """Base of what happens on the way to the server and back."""


class RefusedError(UploadError):
    """The server said no, and asking again would not change that.

    Attributes:
        status: the HTTP status of the answer.
    """

    def __init__(self, cause: str, fix: str = "", *, status: int) -> None:
        super().__init__(cause, fix)
        self.status = status


class TooLargeError(RefusedError):
    """The server takes no body of this size."""


class RedirectedError(RefusedError):
    """The server points to another place, where the token must not go by itself."""


class UnavailableError(UploadError):
    """The server or the network failed, also after retries, or took longer than the budget.

    Attributes:
        may_pass: whether the same request may succeed later.
    """

    def __init__(self, cause: str, fix: str = "", *, may_pass: bool = True) -> None:
        super().__init__(cause, fix)
        self.may_pass = may_pass


class NotTrustedError(UnavailableError):
    """The server's certificate cannot be verified."""


class ProtocolError(UnavailableError):
    """Something answered that does not speak the contract, e.g. a proxy's login page."""
