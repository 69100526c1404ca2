"""What the tool itself costs; printed by `nox -s overhead`, never asserted."""
