"""From findings and claims to verdicts and a decision: the same for a run and for each set of a re-validation."""
