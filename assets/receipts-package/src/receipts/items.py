"""Items of the table, as a boto3 Table takes them: strings, Decimals and maps."""

from decimal import Decimal
from typing import Any

from receipts.keys import canonical_merchant, image_key, line_key, receipt_key, word_key
from receipts.labels import CORE_LABELS, ValidationStatus

Item = dict[str, Any]


def _present(**attributes: Any) -> Item:
    return {name: value for name, value in attributes.items() if value is not None}


def image_item(
    image_id: str,
    *,
    width: int,
    height: int,
    timestamp_added: str,
    raw_s3_bucket: str | None = None,
    raw_s3_key: str | None = None,
    cdn_s3_bucket: str | None = None,
    cdn_s3_key: str | None = None,
) -> Item:
    key = image_key(image_id)
    return _present(
        PK=key,
        SK="IMAGE",
        TYPE="IMAGE",
        GSI1PK="IMAGE",
        GSI1SK=key,
        width=width,
        height=height,
        timestamp_added=timestamp_added,
        raw_s3_bucket=raw_s3_bucket,
        raw_s3_key=raw_s3_key,
        cdn_s3_bucket=cdn_s3_bucket,
        cdn_s3_key=cdn_s3_key,
    )


def receipt_item(
    image_id: str,
    receipt_id: int,
    *,
    width: int,
    height: int,
    timestamp_added: str,
    merchant_name: str | None = None,
) -> Item:
    key = image_key(image_id)
    own = receipt_key(receipt_id)
    merchant = canonical_merchant(merchant_name) if merchant_name else None
    return _present(
        PK=key,
        SK=own,
        TYPE="RECEIPT",
        GSI1PK="IMAGE",
        GSI1SK=f"{key}#{own}",
        GSI2PK=f"MERCHANT#{merchant}" if merchant else None,
        GSI2SK=f"{key}#{own}" if merchant else None,
        image_id=image_id,
        receipt_id=receipt_id,
        merchant_name=merchant,
        width=width,
        height=height,
        timestamp_added=timestamp_added,
    )


def line_item(
    image_id: str,
    line_id: int,
    *,
    text: str,
    bounding_box: dict[str, Decimal],
    confidence: Decimal,
    receipt_id: int | None = None,
) -> Item:
    return _present(
        PK=image_key(image_id),
        SK=line_key(line_id, receipt_id),
        TYPE="LINE" if receipt_id is None else "RECEIPT_LINE",
        image_id=image_id,
        receipt_id=receipt_id,
        line_id=line_id,
        text=text,
        bounding_box=bounding_box,
        confidence=confidence,
    )


def word_item(
    image_id: str,
    line_id: int,
    word_id: int,
    *,
    text: str,
    bounding_box: dict[str, Decimal],
    confidence: Decimal,
    receipt_id: int | None = None,
) -> Item:
    return _present(
        PK=image_key(image_id),
        SK=word_key(word_id, line_id, receipt_id),
        TYPE="WORD" if receipt_id is None else "RECEIPT_WORD",
        image_id=image_id,
        receipt_id=receipt_id,
        line_id=line_id,
        word_id=word_id,
        text=text,
        bounding_box=bounding_box,
        confidence=confidence,
    )


def label_item(
    image_id: str,
    receipt_id: int,
    line_id: int,
    word_id: int,
    label: str,
    *,
    timestamp_added: str,
    validation_status: str = ValidationStatus.NONE,
    label_proposed_by: str | None = None,
) -> Item:
    """Raises ValueError for a label or status that there is not."""
    if label not in CORE_LABELS:
        raise ValueError(f"label must be one of {', '.join(CORE_LABELS)}, got {label!r}")
    status = ValidationStatus(validation_status).value
    key = image_key(image_id)
    word = word_key(word_id, line_id, receipt_id)
    return _present(
        PK=key,
        SK=f"{word}#LABEL#{label}",
        TYPE="RECEIPT_WORD_LABEL",
        GSI1PK=f"LABEL#{label}",
        GSI1SK=f"{key}#{word}",
        GSI3PK=f"VALIDATION_STATUS#{status}",
        GSI3SK=f"{key}#{word}#LABEL#{label}",
        image_id=image_id,
        receipt_id=receipt_id,
        line_id=line_id,
        word_id=word_id,
        label=label,
        validation_status=status,
        label_proposed_by=label_proposed_by,
        timestamp_added=timestamp_added,
    )
