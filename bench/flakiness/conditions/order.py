"""Orders: tests that lean on what others left behind.

Order-dependent tests are 59 % of Python's flaky tests (M. Gruber, S. Lukasczyk, F. Krois, G. Fraser 2021, "An
empirical study of flaky tests in Python", ICST). A seeded order together with its own reverse puts each pair of
tests both ways round; orders are drawn at test level first, because most order-dependent
tests need only one other test (A. Wei et al. 2021, "Probabilistic and systematic coverage of consecutive
test-method pairs for detecting order-dependent flaky tests", TACAS). Some orders keep modules together, so that
their fixtures are set up once, and some keep what is inside a module or class as it is written: a class that is meant
to run in order then shows what else disturbs it.
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
NESTED = Condition(
    name="nested-order",
    title="seeded random order of modules, and of the tests inside each",
    reveals=(FlakeClass.ORDER,),
    apply=lambda seed: Applied(order=Order(seed=seed, level="nested")),
)
MODULES = Condition(
    name="module-order",
    title="seeded random order of modules, their tests as they are written",
    reveals=(FlakeClass.ORDER,),
    apply=lambda seed: Applied(order=Order(seed=seed, level="modules")),
)
CLASSES = Condition(
    name="class-order",
    title="seeded random order of classes and functions, the tests of a class as they are written",
    reveals=(FlakeClass.ORDER,),
    apply=lambda seed: Applied(order=Order(seed=seed, level="classes")),
)
# Which tests these are is known once a watched trial has shown what each test leaves: the survey fills them in.
POLLUTERS_FIRST = Condition(
    name="polluters-first",
    title="tests that leave something behind run before all others",
    reveals=(FlakeClass.ORDER,),
    apply=lambda seed: Applied(order=Order(reverse=seed % 2 == 1)),
)
CONDITIONS = (SAME, RANDOM, RANDOM_REVERSED, REVERSE, NESTED, MODULES, CLASSES, POLLUTERS_FIRST)
