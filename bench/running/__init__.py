"""What runs a trial: the environment, the database, the process, and what is read off it."""
