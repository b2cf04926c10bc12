"""What Slack tells us: commands, presses, mentions, messages, the Home; kept as rows where they act."""
