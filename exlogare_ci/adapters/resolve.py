"""From an environment to a context: choose the adapter, apply its rules, and remember why."""

from functools import cache

import msgspec

from exlogare_ci import plugins
from exlogare_ci.adapters import clean
from exlogare_ci.adapters.files import read_small_file
from exlogare_ci.adapters.model import (
    Adapter,
    Env,
    Explanation,
    PassedOver,
    ReadText,
    Rule,
    Source,
    UnknownServiceError,
)
from exlogare_ci.adapters.table import ADAPTERS, LOCAL
from exlogare_ci.context import RunContext

FORCE_VARIABLE = "EXLOGARE_CI"


def detect(env: Env, *, read_text: ReadText = read_small_file) -> RunContext:
    """Say what is known of the CI run that an environment describes.

    Args:
        env: the environment; ``EXLOGARE_CI`` in it forces a service.
        read_text: reads the files that TeamCity's and GitHub's variables name.

    Returns:
        The context; ``ci`` is ``local`` where no service that we know shows itself.

    Raises:
        UnknownServiceError: ``EXLOGARE_CI`` names a service that there is no adapter for.
    """
    return explain(env, read_text=read_text).context


def explain(env: Env, *, read_text: ReadText = read_small_file) -> Explanation:
    """Do what ``detect`` does, and tell which variable gave each field.

    Args:
        env: as for ``detect``.
        read_text: as for ``detect``.

    Returns:
        The context, the source of each field, what was passed over, and every service that shows itself.

    Raises:
        UnknownServiceError: as for ``detect``.
    """
    adapters = (*plugins.load(env).modules[plugins.ADAPTERS], *ADAPTERS)
    values = _in_own_case(clean.environment(env), adapters)
    adapter, origin, matched = _choose(values, adapters)
    found = adapter.facts(values, read_text)
    facts = _Facts(raw=env, values={**values, **found.facts})
    fields: dict[str, Source] = {"ci": Source(adapter.NAME, origin)}
    passed_over = list(found.passed_over)
    for field in RunContext.__struct_fields__:
        source, losers = _first_usable(field, adapter.FIELDS.get(field, ()), facts)
        passed_over.extend(losers)
        if source is not None:
            fields[field] = source
    if "tag" in fields and "branch" in fields and fields["branch"].value == fields["tag"].value:
        dropped = fields.pop("branch")
        passed_over.append(PassedOver("branch", dropped.origin, "it is the name of the tag that was built"))
    passed_over.extend(
        PassedOver(field, name, reason) for name, (field, reason) in adapter.IGNORED.items() if name in facts.values
    )
    context = RunContext(**{field: source.value for field, source in fields.items()})
    return Explanation(context, fields, _in_order_of_fields(passed_over), matched)


def _in_own_case(values: dict[str, str], adapters: tuple[Adapter, ...]) -> dict[str, str]:
    """Give variables the names that their services wrote them with: Windows has all names in capitals."""
    known = {name for name in _names_with_small_letters(adapters) if name not in values and name.upper() in values}
    return {**values, **{name: values[name.upper()] for name in known}} if known else values


@cache
def _names_with_small_letters(adapters: tuple[Adapter, ...]) -> frozenset[str]:
    rules = [one for adapter in adapters for of_field in adapter.FIELDS.values() for one in of_field]
    names = {name for one in rules for name in (*one.names, *one.when, *one.unless)}
    names |= {marker.name for adapter in adapters for marker in adapter.MARKERS}
    names |= {name for adapter in adapters for name in adapter.IGNORED}
    return frozenset(name for name in names if name != name.upper() and "." not in name)


def _choose(values: Env, adapters: tuple[Adapter, ...]) -> tuple[Adapter, str, tuple[str, ...]]:
    """Find the adapter, what gave it away, and the names of all that match."""
    seen = {adapter.NAME: origin for adapter in adapters if (origin := _marker(adapter, values))}
    matched = tuple(seen) or (LOCAL.NAME,)
    by_name: dict[str, Adapter] = {}
    for adapter in adapters:
        by_name.setdefault(adapter.NAME, adapter)
    forced = values.get(FORCE_VARIABLE)
    if forced is not None:
        if forced.lower() not in by_name:
            raise UnknownServiceError(
                f"{FORCE_VARIABLE}={forced[:64]!r} is no CI service that exl knows. Set it to one of "
                f"{', '.join(by_name)}, or unset it to have the service detected."
            )
        return by_name[forced.lower()], FORCE_VARIABLE, matched
    return by_name[matched[0]], seen.get(matched[0], "no CI service's variables"), matched


def _marker(adapter: Adapter, values: Env) -> str | None:
    for marker in adapter.MARKERS:
        value = values.get(marker.name)
        if value is not None and marker.accepts(value) and all(name in values for name in marker.also):
            return marker.name
    return None


class _Facts(msgspec.Struct, frozen=True):
    """The environment and the files' entries, as the rules see them."""

    raw: Env
    values: dict[str, str]

    def is_on(self, name: str) -> bool:
        return name in self.values and clean.is_set(self.values[name])


def _first_usable(field: str, rules: tuple[Rule, ...], facts: _Facts) -> tuple[Source | None, list[PassedOver]]:
    winner: Rule | None = None
    value = ""
    losers: list[PassedOver] = []
    wanting: list[PassedOver] = []
    for rule in rules:
        missing = _missing(rule, facts)
        if missing is not None:
            if rule.names[0] in facts.values:
                wanting.append(PassedOver(field, rule.label, missing))
            elif rule.names[0] in facts.raw:
                losers.append(PassedOver(field, rule.label, "it is empty"))
            continue
        made, reason = _apply(rule, facts)
        if made and winner is None:
            winner, value = rule, made
        elif made and winner is not None and not set(rule.names) <= set(winner.names):
            losers.append(PassedOver(field, rule.label, f"{winner.label} comes first"))
        elif reason:
            losers.append(PassedOver(field, rule.label, reason))
    if winner is None:
        # What would have been needed is only of interest where nothing else did.
        return None, losers + wanting
    return Source(value, winner.label), losers


def _missing(rule: Rule, facts: _Facts) -> str | None:
    """Say what a rule lacks; ``None`` when nothing."""
    for name in rule.names:
        if name not in facts.values:
            return f"{name} is not set"
    if rule.when and not any(facts.is_on(name) for name in rule.when):
        return f"only used while {' or '.join(rule.when)} is set{_note(rule)}"
    return None


def _apply(rule: Rule, facts: _Facts) -> tuple[str | None, str]:
    """Apply a rule that lacks nothing: the value, or why there is none."""
    blocking = next((name for name in rule.unless if facts.is_on(name)), None)
    if blocking is not None:
        return None, f"not used while {blocking} is set{_note(rule)}"
    value = rule.make(*(facts.values[name] for name in rule.names))
    if not value and not rule.partial:
        return None, f"its value is of no use here{_note(rule)}"
    return value, ""


def _note(rule: Rule) -> str:
    return f" ({rule.note})" if rule.note else ""


def _in_order_of_fields(passed_over: list[PassedOver]) -> tuple[PassedOver, ...]:
    """Sort by field, keep the order inside each, and drop repetitions."""
    order = {field: number for number, field in enumerate(RunContext.__struct_fields__)}
    return tuple(dict.fromkeys(sorted(passed_over, key=lambda one: order[one.field])))
