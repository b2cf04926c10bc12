"""What repositories say beside their catalog file: CODEOWNERS, README, devcontainer, template."""
