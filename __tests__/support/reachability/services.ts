import type { Json } from "../synth";
import type { End } from "./ends";
import type { Reachability } from "./reachability";
import { listOf, nameOf, type Resource, type Whole } from "./whole";

/** What something calls, by name of the service, and why. */
export type Needs = ReadonlyMap<string, string>;

/** What no endpoint leads to. */
export const BEYOND = "the internet";

/**
 * Endpoint of the service that an action of IAM is of; where it is not called, or has no endpoint, that is said. Source:
 * AWS PrivateLink guide, "AWS services that integrate with AWS PrivateLink".
 */
const OF_ACTION: Readonly<Record<string, readonly string[]>> = {
  autoscaling: ["autoscaling"],
  cloudwatch: ["monitoring"],
  ec2: ["ec2"],
  ecr: ["ecr.api", "ecr.dkr", "s3"], // layers lie in S3. Source: Amazon ECR User Guide, "Amazon ECR interface VPC endpoints"
  ecs: ["ecs"],
  eks: ["eks"],
  "eks-auth": ["eks-auth"],
  elasticfilesystem: [], // asked by NFS itself, at the mount target
  elasticloadbalancing: ["elasticloadbalancing"],
  kms: [], // asked by the service that holds what is encrypted
  logs: ["logs"],
  s3: ["s3"],
  secretsmanager: ["secretsmanager"],
  sqs: ["sqs"],
  ssm: ["ssm"],
  ssmmessages: ["ssmmessages"],
};

/** Prefixes of the actions of AWS's own policies. Source: AWS Managed Policy Reference. */
const OF_POLICY: Readonly<Record<string, readonly string[]>> = {
  AmazonEC2ContainerRegistryPullOnly: ["ecr"],
  AmazonEKSWorkerNodePolicy: ["ec2", "eks-auth"],
  AmazonEKSWorkerNodeMinimalPolicy: ["eks-auth"],
  AmazonEKS_CNI_Policy: ["ec2"],
  // without ec2messages, which an agent of today does not call. Source: Systems Manager User Guide, "ec2messages"
  AmazonSSMManagedInstanceCore: ["ssm", "ssmmessages"],
  "service-role/AmazonEBSCSIDriverPolicy": ["ec2"],
  "service-role/AmazonECSTaskExecutionRolePolicy": ["ecr", "logs"],
};

/** Registries that an image of ours, or one through ECR's cache, does not come from. */
const OWN_REGISTRY = /^(\d{12}|\$\{[^{}]*\})(\.dkr\.ecr\.|[:/])/;

/** What an end calls in AWS and beyond, as far as the JSON tells of it. */
export function needsOf({ whole }: Reachability, end: End): Needs {
  const reader = end.resource && READERS[end.resource.type];
  const needs = new Map<string, string>();
  for (const [service, why] of reader?.(whole, end.resource as Resource) ?? []) {
    if (!needs.has(service)) needs.set(service, why);
  }
  return needs;
}

type Need = readonly [service: string, why: string];

const READERS: Readonly<Record<string, (whole: Whole, resource: Resource) => Need[]>> = {
  aws_ecs_service: (whole, { body }) => {
    const task = whole.at(body.task_definition)?.body;
    const containers: Json[] = JSON.parse(task.container_definitions);
    return [
      ...ofRole(whole, task.task_role_arn),
      ...ofRole(whole, task.execution_role_arn),
      ...containers.flatMap(({ image, secrets = [] }): Need[] => [
        ...(OWN_REGISTRY.test(image) ? [] : [[BEYOND, `image ${image}`] as const]),
        ...(secrets.length > 0 ? [["secretsmanager", "secrets of the task"] as const] : []),
      ]),
      ...(body.enable_execute_command ? [["ssmmessages", "ECS Exec"] as const] : []),
    ];
  },
  aws_eks_node_group: (whole, { body }) => [
    ...ofRole(whole, body.node_role_arn),
    ...podsOf(whole, nameOf(body.cluster_name)),
  ],
  helm_release: (whole, { body }) => {
    const [cluster] = whole.all("aws_eks_cluster");
    const classes: Json[] = JSON.parse(body.values[0]).objects ?? [];
    return [
      ...classes.flatMap(({ spec }) => (spec.role ? ofRole(whole, spec.role) : [])),
      ...podsOf(whole, cluster?.address ?? ""),
    ];
  },
  aws_eks_cluster: (whole, { address, body }) => [
    ...listOf(body.compute_config).flatMap(({ node_role_arn }) => ofRole(whole, node_role_arn)),
    ...podsOf(whole, address),
  ],
  aws_instance: (whole, { body }) => [...ofProfile(whole, body.iam_instance_profile), ...ofScript(body.user_data)],
  aws_autoscaling_group: (whole, { body }) => {
    const [mixed] = listOf(body.mixed_instances_policy);
    const [template] = listOf(body.launch_template ?? mixed?.launch_template[0]?.launch_template_specification);
    const machine = whole.at(template?.id ?? template?.launch_template_id)?.body;
    return [
      ...ofProfile(whole, listOf(machine.iam_instance_profile)[0]?.name),
      [BEYOND, "libraries of the first boot"],
    ];
  },
};

/** What pods of ours call, wherever in the cluster they run. */
function podsOf(whole: Whole, cluster: string): Need[] {
  const ofThis = (type: string) => whole.all(type).filter(({ body }) => nameOf(body.cluster_name) === cluster);
  const roles = [
    ...ofThis("aws_eks_pod_identity_association").map(({ body }) => body.role_arn),
    ...ofThis("aws_eks_addon").flatMap(({ body }) =>
      listOf(body.pod_identity_association).map(({ role_arn }) => role_arn),
    ),
  ];
  // Source: EKS user guide, "Learn how EKS Pod Identity grants pods access to AWS services"
  const agent: Need[] = roles.length > 0 ? [["eks-auth", "credentials of pods"]] : [];
  const charts = whole.all("helm_release").filter(({ body }) => body.repository !== undefined);
  return [
    ...agent,
    ...roles.flatMap((role) => ofRole(whole, role)),
    ...charts.map(({ body }): Need => [BEYOND, `images of the chart ${body.chart}`]),
  ];
}

function ofProfile(whole: Whole, reference: Json): Need[] {
  return reference === undefined ? [] : ofRole(whole, whole.at(reference)?.body.role);
}

function ofRole(whole: Whole, reference: Json): Need[] {
  const role = nameOf(reference);
  const ofThis = (type: string) => whole.all(type).filter(({ body }) => nameOf(body.role) === role);
  const own = ofThis("aws_iam_role_policy").flatMap(({ body, path }) =>
    // neither keys of conditions nor the passing of a role, which nobody calls
    [...String(body.policy).matchAll(/"(?!aws:|iam:Pass)([a-z0-9-]+):[A-Z]\w*\*?"/g)].map(
      (match) => [match[1] as string, path] as const,
    ),
  );
  const attached = ofThis("aws_iam_role_policy_attachment").flatMap(({ body }) => {
    const [, policy = ""] = /:policy\/(.+)$/.exec(body.policy_arn) ?? [];
    const prefixes = OF_POLICY[policy];
    if (!prefixes) throw new Error(`nothing is known of what ${policy} calls`);
    return prefixes.map((prefix) => [prefix, policy] as const);
  });
  return [...own, ...attached].flatMap(([prefix, why]) =>
    (OF_ACTION[prefix] ?? [BEYOND]).map((service): Need => [service, `${prefix} of ${why}`]),
  );
}

/** What a script of the first boot fetches from elsewhere than AWS. */
const ofScript = (script = ""): Need[] =>
  /\bpip install\b/.test(script) ? [[BEYOND, "pip install of the first boot"]] : [];

/** AWS services that an end has a private way to. */
export function reachedBy(reachability: Reachability, end: End): Set<string> {
  const { whole } = reachability;
  const serviceOf = ({ body }: Resource): string => whole.dataAt(body.service_name)?.service;
  const tables = end.places.map(({ table }) => table ?? "");
  const gateways = whole
    .all("aws_vpc_endpoint")
    .filter(({ body }) => body.vpc_endpoint_type === "Gateway" && tables.every((table) => leadsFrom(body, table)));
  const interfaces = reachability
    .of("endpoint")
    .filter((other) => other.resource?.body.private_dns_enabled && reachability.between(end, other) === "tcp 443");
  return new Set([...gateways, ...interfaces.flatMap(({ resource }) => resource ?? [])].map(serviceOf));
}

const leadsFrom = (body: Json, table: string): boolean => listOf(body.route_table_ids).map(nameOf).includes(table);
