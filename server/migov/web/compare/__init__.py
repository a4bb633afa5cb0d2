"""Two States, treaties or organisations side by side on a day, or one of them on two days."""
