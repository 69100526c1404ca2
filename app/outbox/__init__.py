"""Promise work in the transaction that makes it necessary, and do it afterwards."""
