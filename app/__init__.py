"""Aggregate a person's financial accounts: an asynchronous FastAPI and SQLModel service."""
