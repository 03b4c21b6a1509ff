"""Keys of items: an image's id, then the positions below it, each of five digits so that they sort."""

import re
import unicodedata
import uuid

MOST = 99_999


def _number(kind: str, number: int) -> str:
    if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= MOST:
        raise ValueError(f"{kind.lower()} must be 1 to {MOST}, got {number!r}")
    return f"{kind}#{number:05d}"


def image_key(image_id: str) -> str:
    """`IMAGE#<uuid>`; raises ValueError for what is not a UUID in lower case with hyphens."""
    try:
        valid = str(uuid.UUID(image_id)) == image_id
    except (ValueError, AttributeError, TypeError):
        valid = False
    if not valid:
        raise ValueError(f"image id must be a UUID in lower case with hyphens, got {image_id!r}")
    return f"IMAGE#{image_id}"


def receipt_key(receipt: int) -> str:
    """`RECEIPT#<5 digits>`."""
    return _number("RECEIPT", receipt)


def line_key(line: int, receipt: int | None = None) -> str:
    """`LINE#<5 digits>`, after that of the receipt if it is a receipt's."""
    own = _number("LINE", line)
    return own if receipt is None else f"{receipt_key(receipt)}#{own}"


def word_key(word: int, line: int, receipt: int | None = None) -> str:
    """That of the line, then `WORD#<5 digits>`."""
    return f"{line_key(line, receipt)}#{_number('WORD', word)}"


def canonical_merchant(name: str) -> str:
    """Name under which receipts of a merchant are counted: upper case, single spaces, without a store's number (`#12`)."""
    text = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", name)).strip().upper()
    return re.sub(r"(?<=\S)( STORE)? ?# ?\d+$", "", text)
