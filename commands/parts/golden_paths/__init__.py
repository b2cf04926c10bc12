"""Golden paths and the services that follow them, as people see them."""
