"""The matrix: States by treaties as of a day, as a table, as a map of equal tiles, as CSV, and each cell by itself."""
