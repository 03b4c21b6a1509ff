"""Names of image files."""

SUFFIXES = (".jpg", ".png")
