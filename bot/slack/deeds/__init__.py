"""What people do by pressing and typing: each deed is one call into the workflows."""
