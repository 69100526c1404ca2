"""Let staff look after other people's accounts, as far as their role goes."""
