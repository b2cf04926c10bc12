"""Everything that speaks with Slack: what comes in, what is drawn, what is sent."""
