"""Which package changed it: units of packages that move together, a search along a chain of sets, a confirmation.

units -> chain -> search -> confirmation -> verdict for times; units -> chain -> failures -> verdict for a test that newly
fails. The parts are generators that ask for blocks and are sent what was measured, so that a run of tests, a simulation
and a real campaign drive the same code, and a resumed run is the same generator fed from the journal.
"""
