"""Pages and protocols over a store; knows nothing of Turtle text."""
