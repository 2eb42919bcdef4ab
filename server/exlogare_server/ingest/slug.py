"""The slug of a CI service's name."""

import re

_OTHERS = re.compile(r"[^a-z0-9_.-]+")
_UNDERSCORES = re.compile(r"_+")
_ENDS = "_.-"
_CHARACTERS_MAX = 32


def provider_slug(name: str) -> str | None:
    """Turn a service's name into a slug: ``Azure DevOps`` into ``azure_devops``.

    Lower case; every run of other characters than ``a-z 0-9 _ . -`` becomes one ``_``, runs of ``_`` one; ``_
    . -`` are trimmed at both ends; at most 32 characters, trimmed again after the cut.

    Returns:
        The slug, which begins and ends with a letter or digit; ``None`` when nothing is left.
    """
    slug = _UNDERSCORES.sub("_", _OTHERS.sub("_", name.lower())).strip(_ENDS)
    return slug[:_CHARACTERS_MAX].rstrip(_ENDS) or None
