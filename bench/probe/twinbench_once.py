"""Let every test run once and every failure show; loaded with `-p twinbench_once` while flakiness is measured.

Retry plugins hide what is to be measured, plugins that shuffle decide the order themselves, `--maxfail`
cuts a trial short, and pytest-xdist spreads the order over processes. They are taken out after they
were configured, so that their options and marks stay known. Standard library and pytest only.
"""

import os

import pytest

RETRYING = ("rerunfailures", "pytest_rerunfailures", "flaky", "pytest-retry", "pytest_retry", "flakefinder", "repeat")
SHUFFLING = ("randomly", "pytest_randomly", "random_order", "random-order", "reverse", "pytest_reverse")


@pytest.hookimpl(trylast=True)
def pytest_configure(config):
    """Take out what retries or shuffles, once it has registered its marks and options."""
    for name in RETRYING + SHUFFLING:
        if config.pluginmanager.get_plugin(name) is not None:
            config.pluginmanager.unregister(name=name)
    if hasattr(config.option, "maxfail"):
        config.option.maxfail = 0


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_cmdline_main(config):
    """Keep the suite in one process, whatever the suite's own settings ask of pytest-xdist."""
    workers = int(os.environ.get("TWINBENCH_WORKERS", "0"))
    if hasattr(config.option, "numprocesses") and not hasattr(config, "workerinput"):  # a worker has none of its own
        config.option.numprocesses = workers or None
        config.option.dist = "load" if workers else "no"
        config.option.tx = []
    yield
