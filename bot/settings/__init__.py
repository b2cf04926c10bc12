"""What the platform team configures: the environment and idp.yaml."""
