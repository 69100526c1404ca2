"""The wall clock and the time zone."""

from bench.flakiness.conditions.condition import Applied, Condition
from bench.flakiness.findings import FlakeClass

# Local moments with a zone: a leap day far east, a Sunday the 31st, a night in which an hour comes twice,
# a first of January in ISO week 53 long after any certificate or token of today.
MOMENTS = (
    ("2028-02-29T12:00:00", "Pacific/Kiritimati"),
    ("2027-01-31T23:30:00", "America/St_Johns"),
    ("2026-11-01T01:15:00", "America/New_York"),
    ("2044-01-01T00:20:00", "Asia/Kathmandu"),
)
ZONES = ("Pacific/Kiritimati", "America/Los_Angeles", "Asia/Kathmandu", "Pacific/Pago_Pago", "Europe/Berlin")


def _shifted(seed: int) -> Applied:
    moment, zone = MOMENTS[seed % len(MOMENTS)]
    return Applied(plugins=("twinbench_clock",), environment={"TWINBENCH_CLOCK": moment, "TZ": zone})


def _midnight(seed: int) -> Applied:
    zone = ("UTC", "Asia/Tokyo")[seed % 2]
    moment = {"TWINBENCH_CLOCK": "2027-01-01T00:00:00", "TWINBENCH_CLOCK_CROSS": "1", "TZ": zone}
    return Applied(plugins=("twinbench_clock",), environment=moment)


CLOCK = Condition(
    name="clock",
    title="another date and time zone (leap day, month's end, doubled hour, far future)",
    reveals=(FlakeClass.TIME,),
    apply=_shifted,
)
MIDNIGHT = Condition(
    name="midnight",
    title="the year ends between the first two readings of the clock in each test",
    reveals=(FlakeClass.TIME,),
    apply=_midnight,
)
ZONE = Condition(
    name="time-zone",
    title="another time zone",
    reveals=(FlakeClass.TIME,),
    apply=lambda seed: Applied(environment={"TZ": ZONES[seed % len(ZONES)]}),
)
CONDITIONS = (CLOCK, MIDNIGHT, ZONE)
