"""moto_server whose tables of ten thousand items answer in time. For each query moto sorts all of them by comparisons that look
at types, and to write an attribute it looks for each type that there is: here both cost a tenth."""

import base64
import sys

import moto.server
from moto.core.serialize import BaseJSONSerializer
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.models.table import Table

cast_value = DynamoType.cast_value.fget
serialize_structure = BaseJSONSerializer._serialize_type_structure


def quick_cast_value(attribute):
    return attribute.value if attribute.type == "S" else cast_value(attribute)


def all_items(table):
    rows = list(table.items.values())
    items = [item for row in rows for item in list(row.values())] if table.range_key_attr else rows
    return sorted(items, key=lambda item: [key.cast_value for key in (item.hash_key, item.range_key) if key])


def sorted_items(table, hash_key_attrs, range_key_attrs, items):
    names = table._generate_attr_to_sort_by(hash_key_attrs, range_key_attrs)
    items.sort(key=lambda item: [item.attrs[name].cast_value for name in names])
    return items


def plain(attribute):
    """The JSON of an attribute, whose type is known."""
    typed = isinstance(attribute, DynamoType)
    kind, value = (attribute.type, attribute.value) if typed else next(iter(attribute.items()))
    if kind == "L":
        value = [plain(one) for one in value]
    elif kind == "M":
        value = {name: plain(one) for name, one in value.items()}
    elif isinstance(value, bytes):
        value = base64.b64encode(value).decode()
    return {kind: value}


def serialize(serializer, serialized, value, shape, key):
    if shape.name == "AttributeValue" and value is not None:
        serialized[key] = plain(value)
    else:
        serialize_structure(serializer, serialized, value, shape, key)


def make_quick():
    DynamoType.cast_value = property(quick_cast_value)
    Table.all_items = all_items
    Table.sorted_items = sorted_items
    BaseJSONSerializer._serialize_type_structure = serialize


if __name__ == "__main__":
    make_quick()
    moto.server.main(sys.argv[1:])
