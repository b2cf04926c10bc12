"""Who asks and who acts, and who is turned away."""
