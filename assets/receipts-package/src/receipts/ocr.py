"""Results of OCR: JSON of an image, its lines and words, and the receipts that were found in it."""

import json
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from receipts.items import Item, image_item, label_item, line_item, receipt_item, word_item
from receipts.keys import MOST, canonical_merchant
from receipts.labels import CORE_LABELS, ValidationStatus

LONGEST_TEXT = 1000
LONGEST_MERCHANT = 500  # a key of an index takes 2048 bytes
SHOWN = 60
LONGEST_SIDE = 100_000
BOX = ("x", "y", "width", "height")


class OcrError(ValueError):
    """A result that is not what the README says; the message begins with the place of the fault."""


def parse(text: str | bytes) -> dict[str, Any]:
    """Numbers become Decimals, as the table takes them; raises OcrError for what is no JSON object."""
    try:
        found = json.loads(text, parse_float=_decimal, parse_constant=_no_number)
    except OcrError:
        raise
    except RecursionError as error:
        raise OcrError("result: must be JSON that is not nested so deeply") from error
    except ValueError as error:
        raise OcrError(f"result: must be JSON: {error}") from error
    return _object(found, "result")


def items_of(
    result: dict[str, Any],
    image_id: str,
    *,
    timestamp_added: str,
    raw_s3_bucket: str | None = None,
    raw_s3_key: str | None = None,
    cdn_s3_bucket: str | None = None,
    cdn_s3_key: str | None = None,
) -> list[Item]:
    """
    Items of an image, of its receipts and of all lines, words and labels, made of what `parse` gave. Raises OcrError, and
    ValueError for an image id that is no UUID.
    """
    image = _object(_needed(result, "image", "image"), "image")
    width, height = _size(image, "image")
    items = [
        image_item(
            image_id,
            width=width,
            height=height,
            timestamp_added=timestamp_added,
            raw_s3_bucket=raw_s3_bucket,
            raw_s3_key=raw_s3_key,
            cdn_s3_bucket=cdn_s3_bucket,
            cdn_s3_key=cdn_s3_key,
        ),
        *_lines(result, image_id, "", timestamp_added, None),
    ]
    for receipt_id, receipt, place in _each(result, "receipts", ""):
        width, height = _size(receipt, place)
        items.append(
            receipt_item(
                image_id,
                receipt_id,
                width=width,
                height=height,
                timestamp_added=timestamp_added,
                merchant_name=_merchant(receipt.get("merchant_name"), f"{place}.merchant_name"),
            )
        )
        items.extend(_lines(receipt, image_id, f"{place}.", timestamp_added, receipt_id))
    return items


def _lines(
    owner: dict[str, Any], image_id: str, prefix: str, timestamp_added: str, receipt_id: int | None
) -> Iterator[Item]:
    for line_id, line, place in _each(owner, "lines", prefix):
        yield line_item(image_id, line_id, **_read(line, place), receipt_id=receipt_id)
        for word_id, word, where in _each(line, "words", f"{place}."):
            yield word_item(image_id, line_id, word_id, **_read(word, where), receipt_id=receipt_id)
            label = word.get("label")
            if label is None:
                continue
            if receipt_id is None:
                raise OcrError(f"{where}.label: must be left out of words that are no receipt's, got {_shown(label)}")
            if label not in CORE_LABELS:
                raise OcrError(f"{where}.label: must be one of {', '.join(CORE_LABELS)}, got {_shown(label)}")
            yield label_item(
                image_id,
                receipt_id,
                line_id,
                word_id,
                label,
                timestamp_added=timestamp_added,
                validation_status=ValidationStatus.PENDING,
                label_proposed_by="ocr",
            )


def _each(owner: dict[str, Any], key: str, prefix: str) -> Iterator[tuple[int, dict[str, Any], str]]:
    """Objects of a list, each with its number from 1 and its place; none if the list is left out."""
    found = owner.get(key, [])
    if not isinstance(found, list):
        raise OcrError(f"{prefix}{key}: must be a list, got {_kind(found)}")
    if len(found) > MOST:
        raise OcrError(f"{prefix}{key}: must have at most {MOST} entries, got {len(found)}")
    for index, entry in enumerate(found):
        place = f"{prefix}{key}[{index}]"
        yield index + 1, _object(entry, place), place


def _read(entry: dict[str, Any], place: str) -> dict[str, Any]:
    """Text, place in the image and confidence of a line or word."""
    box = _object(_needed(entry, "bounding_box", f"{place}.bounding_box"), f"{place}.bounding_box")
    return {
        "text": _text(_needed(entry, "text", f"{place}.text"), f"{place}.text"),
        "bounding_box": {side: _share(box, side, f"{place}.bounding_box.{side}") for side in BOX},
        "confidence": _share(entry, "confidence", f"{place}.confidence"),
    }


def _size(owner: dict[str, Any], place: str) -> tuple[int, int]:
    def side(key: str) -> int:
        value = _needed(owner, key, f"{place}.{key}")
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= LONGEST_SIDE:
            raise OcrError(f"{place}.{key}: must be pixels, 1 to {LONGEST_SIDE}, got {_shown(value)}")
        return value

    return side("width"), side("height")


def _share(owner: dict[str, Any], key: str, place: str) -> Decimal:
    value = _needed(owner, key, place)
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal) or not 0 <= value <= 1:
        raise OcrError(f"{place}: must be a number of 0 to 1, got {_shown(value)}")
    return round(Decimal(str(value)), 6).normalize() + 0  # a table's number has 38 digits


def _text(value: Any, place: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise OcrError(f"{place}: must be a text that is not blank, got {_shown(value)}")
    if len(value) > LONGEST_TEXT:
        raise OcrError(f"{place}: must have at most {LONGEST_TEXT} characters, got {len(value)}")
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise OcrError(f"{place}: must be Unicode text, which has no halves of surrogate pairs")
    return value


def _merchant(value: Any, place: str) -> str | None:
    if value is None:
        return None
    name = _text(value, place)
    length = len(canonical_merchant(name))
    if length > LONGEST_MERCHANT:
        raise OcrError(f"{place}: must have at most {LONGEST_MERCHANT} characters in its canonical form, got {length}")
    return name


def _needed(owner: dict[str, Any], key: str, place: str) -> Any:
    if key not in owner:
        raise OcrError(f"{place}: is required")
    return owner[key]


def _object(value: Any, place: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise OcrError(f"{place}: must be an object, got {_kind(value)}")
    return value


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise OcrError(f"result: must have numbers of exponents that fit, got {text[:SHOWN]}") from error


def _no_number(name: str) -> None:
    raise OcrError(f"result: must be JSON, which has no {name}")


_KINDS = {list: "a list", dict: "an object", str: "a text", bool: "a boolean", type(None): "null"}


def _kind(value: Any) -> str:
    return _KINDS.get(type(value), "a number")


def _shown(value: Any) -> str:
    if isinstance(value, str):
        return repr(value[:SHOWN])
    number = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    return str(value)[:SHOWN] if number else _kind(value)
