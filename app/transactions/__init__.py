"""Keep what moved on people's accounts."""
