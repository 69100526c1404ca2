"""Move money between a person's accounts."""
