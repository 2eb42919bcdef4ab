"""The OpenAPI document as a page for people, made on the server: no script, nothing from elsewhere."""

import base64
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jinja2

_STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 75rem; padding: 1rem; }
code, b { font-family: ui-monospace, monospace; }
nav ul { list-style: none; padding: 0; columns: 22rem; }
section { border-top: 1px solid #8886; padding: .5rem 0; }
table { border-collapse: collapse; margin: .5rem 0; }
caption { text-align: left; }
th, td { border: 1px solid #8886; padding: .15rem .5rem; text-align: left; }
""".strip()

# The page may load nothing at all; its own style is named by its digest.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; style-src 'sha256-"
    + base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    + "'"
)

_CREDENTIALS = {"apiToken": "an API token", "accessToken": "an access token", "session": "a browser's session"}


def render(document: Mapping[str, Any]) -> str:
    """Make the page.

    Args:
        document: an OpenAPI document as ``http/openapi.py`` makes it.

    Returns:
        HTML.
    """
    templates = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    schemas = document["components"]["schemas"]
    return templates.get_template("openapi.html").render(
        api=document,
        # The style is ours and holds nothing that HTML would have to escape.
        style=_STYLE,
        operations=[
            _operation(method.upper(), path, described, schemas)
            for path, methods in document["paths"].items()
            for method, described in methods.items()
        ],
        shapes=[_shape(name, schema) for name, schema in sorted(schemas.items())],
    )


def _operation(method: str, path: str, described: Mapping[str, Any], schemas: Mapping[str, Any]) -> dict[str, Any]:
    groups = []
    if described.get("parameters"):
        fields = [
            {"name": p["name"], "type": f"{_type(p['schema'])}, in the {p['in']}", "required": p["required"]}
            for p in described["parameters"]
        ]
        groups.append({"name": "Parameters", "fields": fields})
    if "requestBody" in described:
        name = described["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
        groups.append({"name": "Body", "fields": _fields(schemas[name])})
    kinds = [_CREDENTIALS[name] for option in described["security"] for name in option]
    answers = []
    for code, response in described["responses"].items():
        content = response.get("content", {}).get("application/json")
        shown = f"{response['description']} {_type(content['schema'])}." if content else response["description"]
        answers.append({"code": code, "text": shown})
    return {
        "id": described["operationId"],
        "method": method,
        "path": path,
        "summary": described["summary"],
        "tag": described["tags"][0],
        "credential": (", ".join(kinds) or "none") + ".",
        "groups": groups,
        "answers": answers,
    }


def _shape(name: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": name, "description": schema.get("description", ""), "fields": _fields(schema)}


def _fields(schema: Mapping[str, Any]) -> list[dict[str, Any]]:
    required = schema.get("required", [])
    return [
        {"name": name, "type": _type(field), "required": name in required}
        for name, field in schema.get("properties", {}).items()
    ]


def _type(schema: Mapping[str, Any]) -> str:
    """Say a schema in a few words."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        options = [_type(option) for option in schema["anyOf"] if option.get("maxLength") != 0]
        return " or ".join(dict.fromkeys(option for option in options if option))
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}".removesuffix(" of ")
    words = [str(schema.get("format") or schema.get("type") or "anything")]
    low = schema.get("minimum", schema.get("minLength"))
    high = schema.get("maximum", schema.get("maxLength"))
    if high is not None:
        words.append(f"{0 if low is None else low} to {high}" + (" long" if "maxLength" in schema else ""))
    return ", ".join(words)
