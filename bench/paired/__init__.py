"""Two cells compared in the same blocks."""
