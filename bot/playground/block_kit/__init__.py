"""Block Kit's limits, and a payload checked against them."""
