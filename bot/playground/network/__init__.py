"""What the simulated Slack hears and sends: HTTP, WebSockets, signed deliveries, and their history."""
