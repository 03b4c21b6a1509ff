"""Audits IAM policy documents with parliament and cloudsplaining.

Reads a JSON list of {"kind": "identity" | "trust" | "resource", "type", "arn", "document"} and writes a list as long, of
lists of {"check", "about", "detail"}: which rule, which action or what else it is about, and what was said.
"""

import copy
import json
import sys
import warnings

warnings.filterwarnings("ignore", message="pkg_resources is deprecated")

import parliament  # noqa: E402
from cloudsplaining.scan.assume_role_policy_document import AssumeRolePolicyDocument  # noqa: E402
from cloudsplaining.scan.policy_document import PolicyDocument  # noqa: E402
from cloudsplaining.scan.resource_policy_document import ResourcePolicyDocument  # noqa: E402


def finding(check, about="", detail=""):
    return {"check": check, "about": str(about), "detail": str(detail)}


def with_own_resource(policy):
    """The document as parliament understands it: what a trust policy (no Resource) and a key's ("*") are about is named."""
    document = copy.deepcopy(policy["document"])
    if policy["kind"] == "trust" or policy["type"] == "aws_kms_key":
        for statement in document["Statement"]:
            if statement.get("Resource", "*") == "*":
                statement["Resource"] = policy["arn"]
    return document


def parliament_findings(policy):
    text = json.dumps(with_own_resource(policy))
    for found in parliament.analyze_policy_string(text, include_community_auditors=True).findings:
        check = f"parliament:{found.issue}"
        details = found.detail if isinstance(found.detail, list) else [found.detail]
        actions = found.location.get("actions") or []
        if actions:
            yield from (finding(check, action, found.detail or "") for action in actions)
        for detail in [] if actions else details:
            if isinstance(detail, dict):
                yield finding(check, detail.get("action", ""), f"{detail.get('required_format', detail)} expected")
            elif ":" in detail and " " not in detail:
                yield finding(check, detail)
            else:
                yield finding(check, "", detail)


# what cloudsplaining reports of a principal's rights: https://cloudsplaining.readthedocs.io/en/latest/glossary/
RIGHTS = {
    "PrivilegeEscalation": lambda policy: [found["type"] for found in policy.allows_privilege_escalation],
    "DataExfiltration": lambda policy: policy.allows_data_exfiltration_actions,
    "ResourceExposure": lambda policy: policy.permissions_management_without_constraints,
    "ServiceWildcard": lambda policy: policy.service_wildcard,
    "CredentialsExposure": lambda policy: policy.credentials_exposure,
    "InfrastructureModification": lambda policy: policy.infrastructure_modification,
}


def cloudsplaining_findings(policy):
    kind, document = policy["kind"], policy["document"]
    if kind == "identity":
        rights = PolicyDocument(document)
        for name, read in RIGHTS.items():
            yield from (finding(f"cloudsplaining:{name}", about) for about in sorted(set(read(rights))))
        if rights.contains_statement_using_not_action:
            yield finding("cloudsplaining:NotAction")
    else:
        actions = ResourcePolicyDocument(document).internet_accessible_actions
        yield from (finding("cloudsplaining:InternetAccessible", action) for action in sorted(set(actions)))
    if kind == "trust":
        services = AssumeRolePolicyDocument(document).role_assumable_by_compute_services
        yield from (finding("cloudsplaining:AssumableByCompute", service) for service in services)


if __name__ == "__main__":
    policies = json.load(sys.stdin)
    json.dump([[*parliament_findings(policy), *cloudsplaining_findings(policy)] for policy in policies], sys.stdout)
