"""Remember who did what, also when it failed."""
