"""Keep secrets: passwords hashed, tokens signed, provider credentials encrypted."""
