"""Count what a reader of a suite has to understand, exactly and from the source."""
