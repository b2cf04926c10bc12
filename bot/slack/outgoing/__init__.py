"""What we tell Slack, over connections that are kept open."""
