"""What a person does in a terminal."""
