"""What is kept: files written whole, run folders, journals and ledgers."""
