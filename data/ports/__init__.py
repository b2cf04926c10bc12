"""The ports: what the house needs from outside, in the words of the domain. Every port has a fake that ships."""
