"""What every resource needs: answers in JSON, parameters of the query."""

import falcon
import msgspec


def send(resp: falcon.Response, value: object, status: str = falcon.HTTP_200) -> None:
    """Answer with JSON."""
    resp.status = status
    resp.content_type = falcon.MEDIA_JSON
    resp.data = msgspec.json.encode(value)


def parameters(req: falcon.Request) -> dict[str, str]:
    """Give the query's parameters; of one that is sent twice the last one counts."""
    return {name: value if isinstance(value, str) else value[-1] for name, value in req.params.items()}
