"""moto_server as Karpenter's controller needs it: it writes each call to the file CALLS as a line of JSON, as recording_moto
does, and holds a cluster's network, role and queue, whose ids it writes to the file WORLD. What moto lacks of what Karpenter
asks:

- public parameters of EKS' and Bottlerocket's images, which moto has none of, and their images with an architecture;
- placement groups, which moto lacks: each that is asked for is one of a cluster;
- types by the filters that Karpenter sets: those of some families, or moto is busy with its thousands of types and images;
- zonal shifts: the cluster is registered, and no zone is shifted out of;
- prices (the service and the history of Spot's): none, so that Karpenter takes those that it carries."""

import json
import os
import pathlib
import sys

os.environ["MOTO_EC2_LOAD_DEFAULT_AMIS"] = "false"  # read when moto is imported
sys.path.insert(0, str(pathlib.Path(__file__).parents[3] / "support" / "python"))

import moto.server
import recording_moto
from moto.ec2.models import ec2_backends
from moto.ec2.responses.instances import InstanceResponse
from moto.eks.models import eks_backends
from moto.iam.models import iam_backends
from moto.sqs.models import sqs_backends
from moto.ssm.models import Parameter, SimpleSystemManagerBackend

ACCOUNT = "123456789012"
REGION = os.environ["AWS_REGION"]
CLUSTER = "ml"
NODE_ROLE = "karpenter-node"
QUEUE = "karpenter-interruptions"


def make_world():
    """A VPC with three subnets, of which Karpenter is given two, and what else it finds in the account."""
    ec2 = ec2_backends[ACCOUNT][REGION]
    vpc = ec2.create_vpc("10.0.0.0/16")
    zones = [f"{REGION}{letter}" for letter in "abc"]
    subnets = [
        ec2.create_subnet(vpc.id, f"10.0.{index}.0/24", availability_zone=zone).id for index, zone in enumerate(zones)
    ]
    groups = [ec2.create_security_group(name, name, vpc_id=vpc.id).id for name in ("node", "efa")]
    iam_backends[ACCOUNT]["aws"].create_role(NODE_ROLE, "{}", "/", None, "", [], None)
    queue = sqs_backends[ACCOUNT][REGION].create_queue(QUEUE)
    eks_backends[ACCOUNT][REGION].create_cluster(
        CLUSTER,
        f"arn:aws:iam::{ACCOUNT}:role/cluster",
        {"subnetIds": subnets},
        kubernetes_network_config={"serviceIpv4Cidr": "10.96.0.0/16", "ipFamily": "ipv4"},
    )
    return {
        "account": ACCOUNT,
        "region": REGION,
        "clusterName": CLUSTER,
        "nodeRole": NODE_ROLE,
        "queue": queue.name,
        "vpcId": vpc.id,
        "subnetIds": subnets[:2],
        "nodeSecurityGroupId": groups[0],
        "efaSecurityGroupId": groups[1],
    }


def public_parameter(own):
    """AWS's parameters of images, each of an image of its own."""
    images = {}

    def get_parameter(backend, name):
        if not name.startswith(("/aws/service/eks/", "/aws/service/bottlerocket/")):
            return own(backend, name)
        if name not in images:
            ec2 = ec2_backends[backend.account_id][backend.region_name]
            image = ec2.register_image(name=name.strip("/").replace("/", "-"))
            image.architecture = "arm64" if "/arm64/" in name else "x86_64"
            images[name] = image.id
        return Parameter(
            account_id=backend.account_id,
            name=name,
            value=images[name],
            parameter_type="String",
            description="",
            allowed_pattern=None,
            keyid=None,
            last_modified_date=0,
            version=1,
            data_type="text",
        )

    return get_parameter


FAMILIES = ("c5n", "g5", "g6f", "inf2", "m5", "m5d", "m6i", "m7g", "p4d", "p5", "p6-b300")


def some_types(response):
    response.error_on_dryrun()
    all_types = response.ec2_backend.describe_instance_types([], {})
    found = [one for one in all_types if one["InstanceType"].split(".")[0] in FAMILIES]
    return moto.core.responses.ActionResult({"InstanceTypes": found})


PLACEMENT_GROUP = """<?xml version="1.0" encoding="UTF-8"?>
<DescribePlacementGroupsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>1</requestId><placementGroupSet>
<item><groupName>{name}</groupName><groupId>pg-0123456789abcdef0</groupId><strategy>cluster</strategy><state>available</state>
</item></placementGroupSet></DescribePlacementGroupsResponse>"""
NO_SPOT_PRICES = """<?xml version="1.0" encoding="UTF-8"?>
<DescribeSpotPriceHistoryResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>1</requestId>
<spotPriceHistorySet/></DescribeSpotPriceHistoryResponse>"""


class Karpenters(recording_moto.Recorder):
    """Answers what moto does not, and notes all."""

    def __init__(self, application, path):
        super().__init__(self.answer, path)
        self.moto = application

    def answer(self, environ, start_response):
        body = self.lacking(environ)
        if body is None:
            return self.moto(environ, start_response)
        start_response("200 OK", [("Content-Type", "text/xml" if body.startswith("<") else "application/json")])
        return [body.encode()]

    def lacking(self, environ):
        if environ["PATH_INFO"].startswith("/managedresources/"):
            return json.dumps({"appliedWeights": {}, "zonalShifts": [], "autoshifts": []})
        if environ.get("HTTP_X_AMZ_TARGET", "").endswith(".GetProducts"):
            return json.dumps({"FormatVersion": "aws_v1", "PriceList": []})
        given = environ["wsgi.input"].getvalue().decode("utf-8", "replace")
        _, form = self.call(environ, "", given)
        action = form.get("Action")
        if action == "DescribePlacementGroups":
            return PLACEMENT_GROUP.format(name=form.get("Filter.1.Value.1") or form.get("GroupName.1"))
        if action == "DescribeSpotPriceHistory":
            return NO_SPOT_PRICES
        return None


if __name__ == "__main__":
    SimpleSystemManagerBackend.get_parameter = public_parameter(SimpleSystemManagerBackend.get_parameter)
    InstanceResponse.describe_instance_types = some_types
    pathlib.Path(os.environ["WORLD"]).write_text(json.dumps(make_world()), encoding="utf-8")
    application = moto.server.DomainDispatcherApplication
    moto.server.DomainDispatcherApplication = lambda backend: Karpenters(application(backend), os.environ["CALLS"])
    moto.server.main(sys.argv[1:])
