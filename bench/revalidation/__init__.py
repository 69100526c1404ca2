"""What did an upgrade change? Both dependency sets analysed alike, then compared: trials in, findings out."""

from bench.revalidation.assemble import revalidate
from bench.revalidation.findings import Revalidation
from bench.revalidation.packages import difference
from bench.revalidation.record import history_line

__all__ = ["Revalidation", "difference", "history_line", "revalidate"]
