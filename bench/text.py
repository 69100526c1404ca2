"""Turn numbers and foreign text into what a reader meets: the one place where anything is formatted."""

import re
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from bench.statistics import Estimate


NOTHING: Final = "–"  # noqa: RUF001 - an en dash is the usual sign for "no number" in a table
NAME_LIMIT: Final = 72
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_SECRET: Final = re.compile(r"PASS(WORD|WD)?|SECRET|TOKEN|CREDENTIAL|(^|_)KEY($|_)", re.IGNORECASE)
_UNITS: Final = ((1e9, "s"), (1e6, "ms"), (1e3, "µs"), (1.0, "ns"))


def visible(text: str) -> str:
    r"""Show control, bidirectional, private and unpaired characters as escapes such as ``\u202e``.

    Line feed and tabulator stay: they are layout, and harmless.
    """
    return "".join(_escaped(char) if _is_unseen(char) else char for char in text)


def _is_unseen(char: str) -> bool:
    return char not in "\n\t" and unicodedata.category(char) in _UNSEEN


def _escaped(char: str) -> str:
    code = ord(char)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def shorten(text: str, *, limit: int = NAME_LIMIT) -> str:
    """Cut the middle out of a long name: both its file and its parameters stay readable."""
    shown = visible(text).replace("\n", "\\n").replace("\t", "\\t")
    if len(shown) <= limit:
        return shown
    tail = (limit - 1) // 2
    return f"{shown[: limit - 1 - tail]}…{shown[len(shown) - tail :]}"


def significant(number: float, *, digits: int = 3) -> str:
    """Write a number with so many significant digits and never with an exponent."""
    if number == 0:
        return "0"
    exponent = int(f"{abs(number):.{digits - 1}e}".partition("e")[2])
    return f"{number:.{max(digits - 1 - exponent, 0)}f}"


def duration(elapsed_ns: float | None) -> str:
    """Write nanoseconds in the unit that fits: 850 ns, 12.3 µs, 1.23 s, 2 min 05 s."""
    if elapsed_ns is None:
        return NOTHING
    if abs(elapsed_ns) >= 59.95e9:
        return long_duration(elapsed_ns / 1e9)
    scale, unit = next(((s, u) for s, u in _UNITS if abs(elapsed_ns) >= 0.9995 * s), _UNITS[-1])
    return f"{significant(elapsed_ns / scale)} {unit}"


def tick(elapsed_ns: float) -> str:
    """Write a round duration for an axis: 50 µs, 1 s, 0."""
    shown, _, unit = duration(elapsed_ns).partition(" ")
    if elapsed_ns == 0 or not shown.replace(".", "").isdigit() or "." not in shown:
        return "0" if elapsed_ns == 0 else f"{shown} {unit}"
    return f"{shown.rstrip('0').rstrip('.')} {unit}"


def long_duration(seconds: float) -> str:
    """Write seconds as minutes or hours once they are too many to be felt."""
    whole = round(seconds)
    if whole < 60:
        return f"{significant(seconds)} s"
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02d} min" if hours else f"{minutes} min {rest:02d} s"


def duration_range(low_ns: float | None, high_ns: float | None) -> str:
    """Write two durations as a range in the unit of the larger one."""
    if low_ns is None or high_ns is None:
        return NOTHING
    low, high = duration(low_ns), duration(high_ns)
    same_unit = low.split(" ")[-1] == high.split(" ")[-1] and "min" not in high
    return f"{low.split(' ')[0]}-{high}" if same_unit else f"{low} to {high}"


def ratio(number: float | None, *, decimals: int | None = None) -> str:
    """Write a ratio of times: 0.75x is three quarters of the baseline's time."""
    if number is None:
        return NOTHING
    if decimals is not None:
        return f"{number:.{decimals}f}x"
    return f"{number:.2f}x" if 0.1 <= number < 100 else f"{significant(number, digits=2)}x"


def interval(low: float | None, high: float | None) -> str:
    """Write an interval of ratios, with a third decimal where two would hide its width."""
    if low is None or high is None:
        return "no interval"
    places = interval_decimals(low, high)
    return f"{low:.{places}f}-{high:.{places}f}"


def interval_decimals(low: float | None, high: float | None) -> int:
    """Choose the decimals that keep a narrow interval from looking like a point."""
    return 3 if low is not None and high is not None and (high - low < 0.015 or low < 0.1) else 2


def estimate_ratio(estimate: "Estimate | None") -> str:
    """Write the point of an estimate with the decimals of its interval."""
    if estimate is None:
        return NOTHING
    return ratio(estimate.ratio, decimals=interval_decimals(estimate.low, estimate.high))


def estimate_interval(estimate: "Estimate | None") -> str:
    """Write the interval of an estimate, or why there is none."""
    return NOTHING if estimate is None else interval(estimate.low, estimate.high)


def takes(rival: str, baseline: str, estimate: "Estimate", *, noun: str = "time") -> str:
    """Say an effect in a sentence: "b takes 0.75x the time of a (95 % interval 0.71-0.79)"."""
    shown = f"{rival} takes {estimate_ratio(estimate)} the {noun} of {baseline}"
    if estimate.low is None or estimate.high is None:
        return f"{shown} (no interval: {count(estimate.blocks, 'block')})"
    return f"{shown} ({percent(estimate.confidence)} interval {estimate_interval(estimate)})"


def percent(fraction: float | None, *, digits: int = 3) -> str:
    """Write a fraction as a percentage without needless decimals: 0.95 is "95 %"."""
    if fraction is None:
        return NOTHING
    return f"{float(f'{100 * fraction:.{digits}g}'):g} %"


def probability(p_value: float | None) -> str:
    """Write a p-value, with a floor below which digits say nothing."""
    if p_value is None:
        return NOTHING
    return "< 0.001" if p_value < 0.001 else f"{p_value:.3f}"


def size(size_bytes: float | None) -> str:
    """Write bytes as mebibytes, the unit of process memory."""
    return NOTHING if size_bytes is None else f"{significant(size_bytes / 2**20)} MiB"


def count(number: int, noun: str, plural: str = "") -> str:
    """Write a number with its noun: 1 block, 14 blocks, 3,000 trials."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def is_secret(name: str) -> bool:
    """Tell by a variable's name that its value is nobody's business: a password, a token, a key."""
    return _SECRET.search(name) is not None


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Set rows of equal length as lines with aligned columns, for a terminal."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(f"{word:<{width}}" for word, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def listing(items: Sequence[str]) -> str:
    """Join words as a sentence does: a, b and c."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}" if items else ""
