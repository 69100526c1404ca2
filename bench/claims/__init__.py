"""The claims: statements of the decision record made testable, and how they are weighed."""
