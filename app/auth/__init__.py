"""Let people register, log in on several devices, and log out of each."""
