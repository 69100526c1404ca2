"""A campaign: what is going to be measured, and the loop that measures it."""
