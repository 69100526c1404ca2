"""Wrap every request, as plain ASGI: no task is made, so context variables reach the endpoints and come back."""
