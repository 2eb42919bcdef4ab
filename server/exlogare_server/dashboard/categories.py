"""The names of categories for people."""

from typing import Final

_DOMAINS: Final = {
    "auth": "Access",
    "code": "Code",
    "config": "Configuration",
    "container": "Container",
    "deploy": "Deployment",
    "deps": "Dependencies",
    "infra": "Infrastructure",
    "network": "Network",
    "publish": "Publishing",
    "vcs": "Source control",
}
# Where the word of the category alone would not be understood.
_KINDS: Final = {
    "agent_lost": "agent lost",
    "build_native": "native build",
    "ci_syntax": "pipeline syntax",
    "dns": "DNS",
    "docker_daemon": "Docker daemon",
    "env_secret": "missing variable or secret",
    "http": "HTTP",
    "k8s": "Kubernetes",
    "oom": "out of memory",
    "runtime_crash": "crash",
    "security_scan": "security scan",
    "tls": "TLS",
}


def name(category: str) -> str:
    """Give a category's name: ``Code: test timeout``; another text stays as it is."""
    domain, dot, kind = category.partition(".")
    if not dot or domain not in _DOMAINS:
        return "Unknown" if category == "unknown" else category
    return f"{_DOMAINS[domain]}: {_KINDS.get(kind, kind.replace('_', ' '))}"
