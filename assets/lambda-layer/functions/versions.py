"""Versions of a layer. Their descriptions tell of which sources and by which build each was made."""

import re

MADE = re.compile(r"\(sources (?P<digest>\S+), build (?P<build>\S+)\)$")


def described(description, digest, build):
    return f"{description} (sources {digest}, build {build})".strip()


def versions_of(client, layer):
    """All versions, the newest first: number, ARN, digest and build, which are None where somebody else made one."""
    found = []
    for page in client.get_paginator("list_layer_versions").paginate(LayerName=layer):
        for version in page["LayerVersions"]:
            made = MADE.search(version.get("Description", ""))
            found.append(
                {
                    "number": version["Version"],
                    "arn": version["LayerVersionArn"],
                    "digest": made and made["digest"],
                    "build": made and made["build"],
                }
            )
    return sorted(found, key=lambda version: version["number"], reverse=True)


def wanted(versions, digest, pinned):
    """The version that functions are to have: the pinned one, else the newest of the digest; None while there is none."""
    for version in versions:
        if version["number"] == pinned if pinned else version["digest"] == digest:
            return version
    if pinned:
        known = ", ".join(str(version["number"]) for version in versions) or "none"
        raise LookupError(f"there is no version {pinned} to which the layer is pinned; there are: {known}")
    return None


def all_functions(client, **which):
    for page in client.get_paginator("list_functions").paginate(**which):
        yield from page["Functions"]
