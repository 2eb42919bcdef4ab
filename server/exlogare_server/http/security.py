"""Who sends a request, and whether the scope is there."""

import falcon

from exlogare_server.auth.tokens import Principal, Tokens


class Bearer:
    """Checks the ``Authorization`` header.

    Args:
        tokens: knows the tokens.
    """

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens

    def require(self, req: falcon.Request, scope: str) -> Principal:
        """Find out who it is.

        Raises:
            CredentialError: nobody that is known.
            ForbiddenError: the token lacks the scope.
        """
        principal = self._tokens.authenticate(req.get_header("Authorization"))
        req.context.tenant = principal.tenant.slug
        self._tokens.require(principal, scope)
        return principal
