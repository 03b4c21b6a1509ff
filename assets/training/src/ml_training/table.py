"""The registry's DynamoDB table: items are plain dicts, and every condition is that attributes are as they were read."""

import time
from decimal import Decimal
from typing import Any, Iterable

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from botocore.exceptions import ClientError

Item = dict[str, Any]
Key = tuple[str, str]

_CONFLICTS = {"ConditionalCheckFailedException", "TransactionCanceledException"}
_BATCH = 25  # Source: DynamoDB API reference, BatchWriteItem
_TRIES = 8

_serialize = TypeSerializer().serialize
_deserialize = TypeDeserializer().deserialize


class Conflict(Exception):
    """The item is not as it was expected to be. `current` is what it is; None when there is none."""

    def __init__(self, key: Key, current: Item | None):
        super().__init__(f"{key[0]} {key[1]} is not as it was")
        self.current = current


class Table:
    """All reads of single items are consistent; reads of an index may be late."""

    def __init__(self, client: Any, name: str):
        self._client = client
        self._name = name

    def get(self, key: Key) -> Item | None:
        answer = self._client.get_item(TableName=self._name, Key=_key(key), ConsistentRead=True)
        return _plain(answer.get("Item"))

    def add(self, item: Item) -> None:
        """Writes a new item; Conflict when there is one of its key, unless it is this one, written by a call that was repeated."""
        try:
            self._client.put_item(
                TableName=self._name,
                Item=_stored(item),
                ConditionExpression="attribute_not_exists(PK)",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ClientError as error:
            current = _current(error)
            if current != item:
                raise Conflict((item["PK"], item["SK"]), current) from None

    def update(self, key: Key, expect: Item, change: Item, own: Item | None = None) -> Item:
        """
        Changes attributes of an existing item whose attributes are as expected, where None is absence, and gives it as it is
        then. When it is not as expected, but bears the values `own`, which only this change can have written (the whole
        change if absent), the call was repeated after its answer was lost, and that is no conflict.
        """
        try:
            answer = self._client.update_item(
                TableName=self._name,
                Key=_key(key),
                ReturnValues="ALL_NEW",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
                **_change(expect, change),
            )
        except ClientError as error:
            return repeated(key, _current(error), own or change)
        return _plain(answer["Attributes"])

    def replace(self, item: Item, expect: Item, own: Item) -> Item:
        """
        Writes an existing item whose attributes are as expected, all of it, and gives it: less work for DynamoDB than `update`.
        What is expected must tell whether any attribute has changed. `own` is as in `update`.
        """
        new = {name: value for name, value in item.items() if value is not None}
        try:
            self._client.put_item(
                TableName=self._name,
                Item=_stored(new),
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
                **_condition(expect),
            )
        except ClientError as error:
            return repeated((item["PK"], item["SK"]), _current(error), own)
        return new

    def update_while(self, guard: Key, held: Item, key: Key, expect: Item, change: Item) -> None:
        """As `update`, and only while another item is as `held` says, in one transaction."""
        condition = _condition(held)
        check = {"TableName": self._name, "Key": _key(guard), **condition}
        update = {
            "TableName": self._name,
            "Key": _key(key),
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
            **_change(expect, change),
        }
        try:
            self._client.transact_write_items(TransactItems=[{"ConditionCheck": check}, {"Update": update}])
        except ClientError as error:
            _raise_unless_conflict(error)
            raise Conflict(key, self.get(key)) from None

    def delete(self, key: Key, expect: Item) -> None:
        """Deletes an item that is as expected; what is not there counts as deleted."""
        try:
            self._client.delete_item(
                TableName=self._name,
                Key=_key(key),
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
                **(_condition(expect) if expect else {}),
            )
        except ClientError as error:
            current = _current(error)
            if current is not None:
                raise Conflict(key, current) from None

    def write(self, puts: Iterable[Item], deletes: Iterable[Key]) -> None:
        """Puts and deletes items whatever is there, 25 in a call. No key may occur twice."""
        requests = [{"PutRequest": {"Item": _stored(item)}} for item in puts]
        requests += [{"DeleteRequest": {"Key": _key(key)}} for key in deletes]
        pause = 0.05
        for _ in range(_TRIES * (len(requests) // _BATCH + 1)):
            if not requests:
                return
            batch, requests = requests[:_BATCH], requests[_BATCH:]
            answer = self._client.batch_write_item(RequestItems={self._name: batch})
            left = answer.get("UnprocessedItems", {}).get(self._name, [])
            if left:
                time.sleep(pause)
                pause = min(pause * 2, 2)
                requests = left + requests
        raise TimeoutError(f"DynamoDB left {len(requests)} writes to {self._name} undone")

    def query(
        self, partition: str, begins: str = "", index: str | None = None, limit: int | None = None, newest: bool = False
    ) -> list[Item]:
        """Items of a partition by sort key, `newest` from its end; of `index` by its own keys. `GSITYPE` has no sort key."""
        hash_name, range_name = {None: ("PK", "SK"), "GSITYPE": ("TYPE", "")}.get(index, (f"{index}PK", f"{index}SK"))
        names, values, condition = {"#h": hash_name}, {":h": partition}, "#h = :h"
        if begins:
            names["#r"], values[":r"] = range_name, begins
            condition += " AND begins_with(#r, :r)"
        request: Item = {
            "TableName": self._name,
            "KeyConditionExpression": condition,
            "ExpressionAttributeNames": names,
            "ExpressionAttributeValues": _stored(values),
            "ScanIndexForward": not newest,
            **({"IndexName": index} if index else {"ConsistentRead": True}),
        }
        found: list[Item] = []
        while True:
            if limit is not None:
                request["Limit"] = limit - len(found)
            answer = self._client.query(**request)
            found += [_plain(item) for item in answer["Items"]]
            start = answer.get("LastEvaluatedKey")
            if not start or (limit is not None and len(found) >= limit):
                return found
            request["ExclusiveStartKey"] = start


def _key(key: Key) -> Item:
    return {"PK": {"S": key[0]}, "SK": {"S": key[1]}}


def _stored(item: Item) -> Item:
    return {name: _serialize(_exact(value)) for name, value in item.items() if value is not None}


def _exact(value: Any) -> Any:
    """A value that DynamoDB takes: it has no floats."""
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, dict):
        return {name: _exact(inner) for name, inner in value.items()}
    return [_exact(inner) for inner in value] if isinstance(value, (list, tuple)) else value


def _plain(item: Item | None) -> Any:
    return None if item is None else {name: _number(_deserialize(value)) for name, value in item.items()}


def _number(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dict):
        return {name: _number(inner) for name, inner in value.items()}
    return [_number(inner) for inner in value] if isinstance(value, list) else value


def _condition(expect: Item, names: Item | None = None, values: Item | None = None) -> Item:
    names, values, terms = names or {}, values or {}, []
    for position, (name, value) in enumerate(expect.items()):
        names[f"#e{position}"] = name
        if value is None:
            terms.append(f"attribute_not_exists(#e{position})")
        else:
            values[f":e{position}"] = value
            terms.append(f"#e{position} = :e{position}")
    return {
        "ConditionExpression": " AND ".join(terms),
        "ExpressionAttributeNames": names,
        **({"ExpressionAttributeValues": _stored(values)} if values else {}),
    }


def _change(expect: Item, change: Item) -> Item:
    names: Item = {}
    values: Item = {}
    sets, removes = [], []
    for position, (name, value) in enumerate(change.items()):
        names[f"#s{position}"] = name
        if value is None:
            removes.append(f"#s{position}")
        else:
            values[f":s{position}"] = value
            sets.append(f"#s{position} = :s{position}")
    update = [f"SET {', '.join(sets)}"] if sets else []
    update += [f"REMOVE {', '.join(removes)}"] if removes else []
    names["#pk"] = "PK"
    condition = _condition(expect, names, values)
    condition["ConditionExpression"] = " AND ".join(
        term for term in ("attribute_exists(#pk)", condition["ConditionExpression"]) if term
    )
    return {"UpdateExpression": " ".join(update), **condition}


def _raise_unless_conflict(error: ClientError) -> None:
    if error.response["Error"]["Code"] not in _CONFLICTS:
        raise error


def _current(error: ClientError) -> Item | None:
    _raise_unless_conflict(error)
    return _plain(error.response.get("Item"))


def repeated(key: Key, current: Item | None, own: Item) -> Item:
    """The item, if it bears what only this writer writes; else Conflict."""
    if current is None or any(current.get(name) != value for name, value in own.items()):
        raise Conflict(key, current) from None
    return current
