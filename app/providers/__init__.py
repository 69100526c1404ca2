"""Connect people to the institutions that hold their accounts."""
