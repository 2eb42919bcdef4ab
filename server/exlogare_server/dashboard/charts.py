"""Plots as SVG, made of numbers alone: no script, no style attribute; colours come from the page's style.

A picture for elsewhere (``standalone``) carries its colours itself, as presentation attributes, because nothing
else reaches it there. Every plot has a title and a description for readers of screens; a table stands behind it.
"""

import math
from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

import msgspec
from markupsafe import Markup

from exlogare_server.dashboard import words
from exlogare_server.read.browse_view import Trend

HEIGHT: Final = 200
_LEFT: Final = 34
_TOP: Final = 8
_BOTTOM: Final = 22
# From the bottom of a bar to its top.
SEVERITIES: Final = ("high", "medium", "low")
_TICKS: Final = 4


class Bar(msgspec.Struct, frozen=True):
    """A day (``2026-11-23``, never out of a log) and its parts, as ``SEVERITIES`` has them, or one alone."""

    date: str
    parts: tuple[int, ...]

    @property
    def total(self) -> int:
        """The height of the bar."""
        return sum(self.parts)


class Size(msgspec.Struct, frozen=True):
    """How wide a plot is, in pixels at its usual scale, and how many dates have room under it."""

    width: int
    labels_max: int


WIDE: Final = Size(1080, 10)
NARROW: Final = Size(360, 4)
PICTURE: Final = Size(720, 8)


class Palette(msgspec.Struct, frozen=True):
    """Colours for a picture that stands alone."""

    ground: str
    line: str
    text: str
    muted: str
    bar: str


LIGHT: Final = Palette(ground="#ffffff", line="#dfe3e7", text="#171c21", muted="#56606b", bar="#17788f")
DARK: Final = Palette(ground="#171b20", line="#2b323a", text="#e8ebee", muted="#a3adb8", bar="#4fb0c9")
PALETTES: Final = {"light": LIGHT, "dark": DARK}


def step_of(highest: int) -> int:
    """Give the distance of the axis's lines: 1, 2 or 5 times a power of ten, at most four of them."""
    rough = max(1, math.ceil(highest / _TICKS))
    power = int(10 ** (len(str(rough)) - 1))
    return next((step * power for step in (1, 2, 5) if step * power >= rough), 10 * power)


def daily(bars: Sequence[Bar], *, id: str, title: str) -> Markup:  # noqa: A002 - an element's id
    """Draw failures a day as bars in a page, once for wide windows and once for narrow ones; the style shows one.

    Args:
        bars: ascending, without gaps; at least one.
        id: of the picture, unique in the page.
        title: what it shows, for readers of screens.
    """
    form = Markup(
        '<svg class="plot {place}" role="img" viewBox="0 0 {size.width} {height}" aria-labelledby="{id}-t {id}-d">'
        '<title id="{id}-t">{title}</title><desc id="{id}-d">{text}</desc>{body}</svg>'
    )
    text = in_words(bars)
    return Markup("").join(
        form.format(
            place=place,
            size=size,
            height=HEIGHT,
            id=f"{id}-{place}",
            title=title,
            text=text,
            body=_axes(bars, size, None) + _bars(bars, size, None),
        )
        for place, size in (("wide-only", WIDE), ("narrow-only", NARROW))
    )


def picture(bars: Sequence[Bar], *, title: str, palette: Palette) -> str:
    """Draw the same as a file of its own, with its title on it."""
    head = 30
    total = words.plural(sum(bar.total for bar in bars), "failure")
    return str(
        Markup(
            '<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" role="img" '
            'viewBox="-12 -{above} {width} {height}" aria-labelledby="t d" font-family="system-ui, sans-serif" '
            'font-size="11"><title id="t">{title}</title><desc id="d">{text}</desc>'
            '<rect x="-12" y="-{above}" width="{width}" height="{height}" rx="8" fill="{p.ground}" stroke="{p.line}"/>'
            '<text x="0" y="-12" font-size="13" font-weight="600" fill="{p.text}">{title}</text>'
            '<text x="{right}" y="-12" text-anchor="end" fill="{p.muted}">{total}</text>{axes}{bars}</svg>\n'
        ).format(
            width=PICTURE.width + 24,
            height=HEIGHT + head + 12,
            above=head,
            right=PICTURE.width,
            p=palette,
            title=title,
            text=in_words(bars),
            total=total,
            axes=_axes(bars, PICTURE, palette),
            bars=_bars(bars, PICTURE, palette),
        )
    )


def in_words(bars: Sequence[Bar]) -> str:
    """Say what a plot of days shows, in a sentence."""
    total = sum(bar.total for bar in bars)
    if not total:
        return f"No failures in {words.plural(len(bars), 'day')}."
    worst = max(bars, key=lambda bar: bar.total)
    return (
        f"{words.plural(total, 'failure')} in {words.plural(len(bars), 'day')}; "
        f"the most on {words.day(worst.date)}, {words.number(worst.total)}."
    )


def spark(failures: Sequence[int], *, first_date: str, label: str) -> Markup:
    """Draw days as a small row of bars, with its text for readers of screens.

    Args:
        failures: ascending, without gaps.
        first_date: of the first one.
        label: what is counted.
    """
    highest, total = max(failures, default=0), sum(failures)
    text = f"{label}: {words.number(total)} in {words.plural(len(failures), 'day')} since {words.day(first_date)}"
    width, height = 120, 28
    starts, bar = _spark_places(len(failures), width)
    path = "".join(
        f"M{start} {height}v{_n(-max(2.0, (height - 2) * value / highest))}h{bar}V{height}z"
        for start, value in zip(starts, failures, strict=True)
        if value
    )
    return Markup(
        '<svg class="plot spark" role="img" viewBox="0 0 {width} {height}" preserveAspectRatio="none">'
        '<title>{text}</title><path class="axis" d="M0 {ground}H{width}"/><path class="bar" d="{path}"/></svg>'
    ).format(width=width, height=height, ground=height - 0.5, text=text, path=path)


@lru_cache(maxsize=8)
def _spark_places(count: int, width: int) -> tuple[tuple[str, ...], str]:
    """Give where the bars of a small row begin, and how wide each is; a list draws many of the same length."""
    step = width / max(1, count)
    return tuple(_n(step * place + 0.4) for place in range(count)), _n(max(0.8, step - 0.9))


def share(value: int, highest: int) -> Markup:
    """Draw one horizontal bar; its number stands beside it, so it has no text of its own."""
    width = 0 if highest <= 0 else round(100 * value / highest, 1)
    return Markup(
        '<svg class="plot" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        '<rect class="bar" width="{}" height="6" rx="1"/></svg>'
    ).format(_n(max(width, 1.0 if value else 0.0)))


def meter(level: float) -> Markup:
    """Draw a share from 0 to 1 as a filled line; the percentage stands beside it."""
    return Markup(
        '<svg class="meter plot" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        '<rect class="axis-fill" width="100" height="4" rx="2"/><rect class="bar" width="{}" height="4" rx="2"/></svg>'
    ).format(_n(100 * min(1.0, max(0.0, level))))


def badge(label: str, value: str, *, bad: bool) -> str:
    """Draw a badge of two words for a README, in the shape that such badges have."""
    left, right = 12 + 6.6 * len(label), 12 + 6.6 * len(value)
    return str(
        Markup(
            '<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="20" role="img" aria-labelledby="t">'
            '<title id="t">{label}: {value}</title><rect width="{width}" height="20" rx="4" fill="#3c4650"/>'
            '<path d="M{left} 0h{inner}a4 4 0 0 1 4 4v12a4 4 0 0 1-4 4h-{inner}z" fill="{colour}"/>'
            '<g fill="#fff" font-family="Verdana, DejaVu Sans, sans-serif" font-size="11" text-anchor="middle">'
            '<text x="{x1}" y="14">{label}</text><text x="{x2}" y="14">{value}</text></g></svg>\n'
        ).format(
            width=_n(left + right),
            left=_n(left),
            inner=_n(right - 4),
            colour="#a8322a" if bad else "#1b6b3a",
            x1=_n(left / 2),
            x2=_n(left + right / 2),
            label=label,
            value=value,
        )
    )


def _axes(bars: Sequence[Bar], size: Size, palette: Palette | None) -> Markup:
    step, top = _scale(bars)
    line = 'class="axis"' if palette is None else f'stroke="{palette.line}"'
    text = "" if palette is None else f' fill="{palette.muted}"'
    parts = [
        f'<path {line} d="M{_LEFT} {_n(_y(value, top))}H{size.width}"/><text x="{_LEFT - 6}" '
        f'y="{_n(_y(value, top) + 4)}" text-anchor="end"{text}>{words.number(value)}</text>'
        for value in range(0, top + 1, step)
    ]
    width = (size.width - _LEFT) / len(bars)
    every = math.ceil(len(bars) / size.labels_max)
    for place, bar in enumerate(bars):
        # Counted from the end, so that today always has its label.
        if (len(bars) - 1 - place) % every == 0:
            at_edge = place == len(bars) - 1 and len(bars) > size.labels_max
            x, anchor = (size.width, "end") if at_edge else (_LEFT + width * (place + 0.5), "middle")
            label = words.day(bar.date).partition(" ")[2]
            parts.append(f'<text x="{_n(x)}" y="{HEIGHT - 5}" text-anchor="{anchor}"{text}>{label}</text>')
    return Markup("".join(parts))  # noqa: S704 - made of numbers and dates alone


def _bars(bars: Sequence[Bar], size: Size, palette: Palette | None) -> Markup:
    _, top = _scale(bars)
    width = (size.width - _LEFT) / len(bars)
    gap = min(3.0, width * 0.22)
    parts = []
    for place, bar in enumerate(bars):
        if not bar.total:
            continue
        x, ground = _n(_LEFT + width * place + gap / 2), 0
        parts.append(f"<g><title>{words.day(bar.date)}: {words.plural(bar.total, 'failure')}</title>")
        for part, value in enumerate(bar.parts):
            if value:
                name = f"bar-{SEVERITIES[part]}" if len(bar.parts) > 1 else "bar"
                fill = f'class="{name}"' if palette is None else f'fill="{palette.bar}"'
                y = _y(ground + value, top)
                parts.append(
                    f'<rect {fill} x="{x}" y="{_n(y)}" width="{_n(width - gap)}" height="{_n(_y(ground, top) - y)}"/>'
                )
                ground += value
        parts.append("</g>")
    return Markup("".join(parts))  # noqa: S704 - made of numbers and dates alone


def _scale(bars: Sequence[Bar]) -> tuple[int, int]:
    """Give the distance of the axis's lines, and the highest of them."""
    highest = max((bar.total for bar in bars), default=0)
    step = step_of(highest)
    return step, step * max(1, math.ceil(highest / step))


def _y(value: float, top: int) -> float:
    return _TOP + (HEIGHT - _TOP - _BOTTOM) * (1 - value / top)


def _n(value: float) -> str:
    """Write a coordinate: no more digits than a screen has."""
    return f"{value:.1f}".rstrip("0").rstrip(".")


def bars_of(trend: Trend) -> tuple[Bar, ...]:
    """Give the bars of a trend, a day each."""
    first = date.fromisoformat(trend.first_date)
    return tuple(
        Bar((first + timedelta(days=place)).isoformat(), (value,)) for place, value in enumerate(trend.failures)
    )
