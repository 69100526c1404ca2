"""Fetch what providers know, in the background, and tell how far it has come."""
