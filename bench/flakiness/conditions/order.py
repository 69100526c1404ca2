"""Orders: tests that lean on what others left behind.

Order-dependent tests are 59 % of Python's flaky tests (M. Gruber, S. Lukasczyk, F. Krois, G. Fraser 2021, "An
empirical study of flaky tests in Python", ICST). A seeded order together with its own reverse puts each pair of
tests both ways round; orders are drawn at test level, not module by module, because most order-dependent
tests need only one other test (A. Wei et al. 2021, "Probabilistic and systematic coverage of consecutive
test-method pairs for detecting order-dependent flaky tests", TACAS).
"""

from bench.flakiness.conditions.condition import PLAIN, Applied, Condition, Order
from bench.flakiness.findings import FlakeClass

SAME = Condition(name=PLAIN, title="same order again", reveals=tuple(FlakeClass), apply=lambda _: Applied())
RANDOM = Condition(
    name="random-order",
    title="seeded random order of all tests",
    reveals=(FlakeClass.ORDER,),
    apply=lambda seed: Applied(order=Order(seed=seed)),
)
RANDOM_REVERSED = Condition(
    name="random-order-reversed",
    title="the reverse of a seeded random order",
    reveals=(FlakeClass.ORDER,),
    apply=lambda seed: Applied(order=Order(seed=seed, reverse=True)),
)
REVERSE = Condition(
    name="reverse-order",
    title="reverse order",
    reveals=(FlakeClass.ORDER,),
    apply=lambda _: Applied(order=Order(reverse=True)),
)
CONDITIONS = (SAME, RANDOM, RANDOM_REVERSED, REVERSE)
