"""Items of scanned receipts in a table with keys PK and SK; the package's README tells their shapes."""

from receipts.items import image_item, label_item, line_item, receipt_item, word_item
from receipts.keys import canonical_merchant, image_key, line_key, receipt_key, word_key
from receipts.labels import CORE_LABELS, ValidationStatus
from receipts.ocr import OcrError, items_of, parse

__all__ = [
    "CORE_LABELS",
    "OcrError",
    "ValidationStatus",
    "canonical_merchant",
    "image_item",
    "image_key",
    "items_of",
    "label_item",
    "line_item",
    "line_key",
    "parse",
    "receipt_item",
    "receipt_key",
    "word_item",
    "word_key",
]
