"""What is true of the corpus: each flaky test's class, and the causes of the order-dependent ones."""

from bench.flakiness.findings import FlakeClass

CLASSES = {
    "flaky_order": FlakeClass.ORDER,
    "flaky_schedule": FlakeClass.SCHEDULE,
    "flaky_resource": FlakeClass.RESOURCE,
    "flaky_time": FlakeClass.TIME,
    "flaky_chance": FlakeClass.CHANCE,
    "flaky_infrastructure": FlakeClass.INFRASTRUCTURE,
}
BYSTANDERS = ("polluter", "state_setter", "cleaner", "stable", "first_of", "second_of")

CAUSES = {
    "flaky_order.py::test_victim_of_a_registry": ("polluter_fills_the_registry",),
    "flaky_order.py::test_victim_of_an_environment_variable": ("polluter_sets_the_environment",),
    "flaky_order.py::test_victim_of_a_patched_class": ("polluter_patches_the_class",),
    "flaky_order.py::test_victim_of_a_cached_function": ("polluter_fills_the_cache",),
    "flaky_order.py::test_victim_of_the_working_directory": ("polluter_changes_the_directory",),
    "flaky_order.py::test_victim_of_the_decimal_context": ("polluter_lowers_the_precision",),
    "flaky_order.py::test_victim_of_disabled_logging": ("polluter_disables_logging",),
    "flaky_order.py::test_victim_of_left_rows": ("polluter_leaves_a_row",),
    "flaky_order.py::test_victim_of_two": ("first_of_two_polluters", "second_of_two_polluters"),
    "flaky_order.py::test_victim_with_a_cleaner": ("polluter_leaves_an_event",),
    "flaky_order.py::test_victim_of_a_replaced_module": ("polluter_replaces_a_module",),
    "flaky_order.py::test_brittle_needs_a_login": ("state_setter_logs_in",),
    "flaky_order.py::test_brittle_needs_the_counter": ("state_setter_counts",),
    "flaky_order_async.py::test_victim_of_a_cache": ("polluter_fills_the_cache",),
    "flaky_order_async.py::test_victim_of_a_subscriber": ("polluter_subscribes",),
    "flaky_order_async.py::test_victim_of_a_changed_limit": ("polluter_changes_the_limit",),
    "flaky_order_async.py::test_brittle_needs_the_schema": ("state_setter_makes_the_schema",),
}

# What a cause leaves: the beginning of one of the names by which a watched trial may call it.
STATES = {
    "flaky_order.py::test_victim_of_a_registry": "flaky_order.REGISTRY",
    "flaky_order.py::test_victim_of_an_environment_variable": "os.environ['FLAKE_CORPUS_MODE']",
    "flaky_order.py::test_victim_of_a_patched_class": "flaky_order.Service.endpoint",
    "flaky_order.py::test_victim_of_a_cached_function": "the cache of flaky_order.setting",
    "flaky_order.py::test_victim_of_the_working_directory": "the working directory",
    "flaky_order.py::test_victim_of_the_decimal_context": "the decimal context",
    "flaky_order.py::test_victim_of_disabled_logging": "logging.disable",
    "flaky_order.py::test_victim_of_left_rows": "rows written through flaky_order.Shared.connection",
    "flaky_order.py::test_victim_of_two": "flaky_order.PAIR",
    "flaky_order.py::test_victim_with_a_cleaner": "flaky_order.EVENTS",
    "flaky_order.py::test_victim_of_a_replaced_module": "sys.modules['flake_corpus_fake']",
    "flaky_order.py::test_brittle_needs_a_login": "flaky_order.SESSION",
    "flaky_order.py::test_brittle_needs_the_counter": "flaky_order.COUNTER",
    "flaky_order_async.py::test_victim_of_a_cache": "flaky_order_async.CACHE",
    "flaky_order_async.py::test_victim_of_a_subscriber": "flaky_order_async.SUBSCRIBERS",
    "flaky_order_async.py::test_victim_of_a_changed_limit": "flaky_order_async.LIMITS",
    "flaky_order_async.py::test_brittle_needs_the_schema": "flaky_order_async.READY",
}


def true_class(test: str) -> FlakeClass | None:
    """Give the true class of a test of the corpus, None for a stable one."""
    path, _, name = test.partition("::")
    stem = path.rpartition("/")[2].removesuffix(".py").removesuffix("_async")
    bystander = any(name.startswith(f"test_{word}") for word in BYSTANDERS)
    return None if bystander else CLASSES.get(stem)


def true_causes(test: str) -> frozenset[str]:
    """Give the ids of the tests that cause an order-dependent one."""
    path = test.partition("::")[0]
    return frozenset(f"{path}::test_{name}" for name in CAUSES[test])
