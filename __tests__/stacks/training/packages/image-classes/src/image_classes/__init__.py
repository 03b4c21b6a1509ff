"""A package that needs another one, which no index has."""

from image_files import SUFFIXES


def main() -> None:
    print(f"classifies {' and '.join(SUFFIXES)}")
