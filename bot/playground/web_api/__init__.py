"""The simulated Slack's Web API and response URLs."""
