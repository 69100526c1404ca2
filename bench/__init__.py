"""Tell a team whether its decision about testing still holds, from measurements it can trust."""

__version__ = "0.1.0"
