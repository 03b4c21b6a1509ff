/** A construct, settings of it with blanks between them, what they concern, likewise, and the reason. */
export type Row = readonly [subject: string, settings: string, what: string, reason: string];

const LASTS = "AWS cannot change it. Set it back, or set `allowReplacement` and lose what is there.";

/** Changes whose plan fails. */
export const REFUSED: readonly Row[] = [
  [
    "Cluster",
    "kmsKeyArn serviceIpv4Cidr",
    "",
    `${LASTS} The provider plans another key as an update that does nothing, and would delete the key in use.`,
  ],
  [
    "Cluster",
    "autoMode autoMode.nodePools",
    "",
    `Auto Mode keeps its built-in pools, or keeps to be without, as long as it is on: turn it off, and on again without. ${LASTS}`,
  ],
  [
    "Cluster",
    "additionalNodeGroups.extra.minSize",
    "",
    "EKS refuses a `minSize` above the present number of nodes. Run the command of the error, then apply.",
  ],
  ["Network", "cidr", "", LASTS],
  ["ModuleRepoBackend", "dbName dbUsername kmsKeyArn", "", LASTS],
  ["SharedFiles", "kmsKeyArn", "", LASTS],
  ["LustreFiles", "subnetId durability kmsKeyArn", "", LASTS],
];

/** Changes that replace a resource. */
export const REPLACED: readonly Row[] = [
  [
    "Cluster",
    "nodeSubnetIds additionalNodeGroups.extra additionalNodeGroups.extra.instanceTypes additionalNodeGroups.extra.capacityType additionalNodeGroups.extra.imageFamily additionalNodeGroups.extra.subnetIds additionalNodeGroups.extra.subnetIndex",
    "aws_eks_node_group",
    "EKS cannot change these. The new group is there, and takes the pods, before the old one goes; one with a reservation goes first.",
  ],
  [
    "Cluster",
    "administrators accessEntries.people.principalArn accessEntries.nodes.type",
    "aws_eks_access_entry",
    "An entry is of one principal and of one type. The principal of before is out before the new one is in.",
  ],
  [
    "Cluster",
    "accessEntries.people.policies.0 accessEntries.people.policies.0.namespaces",
    "aws_eks_access_policy_association",
    "EKS cannot change the scope of a policy. For some seconds the principal is without it.",
  ],
  [
    "Network",
    "azCount azs subnetNewbits public.cidrs private.cidrs database.cidrs",
    "aws_subnet",
    "A subnet cannot change its zone or its block, and a computed block depends on the number of zones. AWS deletes no subnet in use: set the present `cidrs` of each tier before you add a zone.",
  ],
  [
    "Network",
    "podCidr",
    "aws_subnet aws_vpc_ipv4_cidr_block_association",
    "A block cannot be changed: let no pod run in it before it goes.",
  ],
  [
    "Network",
    "flowLogs.trafficType flowLogs.maxAggregationInterval",
    "aws_flow_log",
    "A flow log cannot be changed. The records stay; those of some seconds are missing.",
  ],
  [
    "SharedFiles",
    "userId",
    "aws_efs_access_point",
    "An access point cannot be changed. The files stay with the user that wrote them: give them to the new one (`chown`).",
  ],
  [
    "LustreFiles",
    "buckets.data.bucketName buckets.data.prefix buckets.data.import buckets.data.export",
    "aws_fsx_data_repository_association",
    "A link cannot be changed, or not be turned off again. Files and objects stay; a new link lists the bucket anew.",
  ],
  [
    "LustreFiles",
    "storageGib",
    "aws_fsx_lustre_file_system",
    "A file system cannot shrink: one that is set smaller is deleted with its files. `preventDestroy` refuses that.",
  ],
  [
    "ModuleRepoBackend",
    "postgresVersion",
    "aws_db_parameter_group",
    "A parameter group is of one version: the new one is there before the old one goes.",
  ],
  [
    "ModuleRepoBackend",
    "namespace serviceAccount",
    "aws_eks_pod_identity_association",
    "An association cannot be changed; pods get the role when they restart.",
  ],
];

/** Changes that delete what holds data, because they turn it off. */
export const REMOVED: readonly Row[] = [["Network", "nat", "aws_instance", "A NAT instance holds no data."]];

/** Changes that leave a value as it was. */
export const KEPT: readonly Row[] = [
  [
    "Cluster",
    "endpointPublicAccess",
    "aws_eks_cluster.vpc_config.public_access_cidrs",
    "Has no effect while the endpoint is off.",
  ],
  [
    "Cluster",
    "accessEntries.people.userName",
    "aws_eks_access_entry.user_name",
    "EKS makes a name when the entry is made, and not later: set the name that you want.",
  ],
  [
    "Cluster",
    "additionalNodeGroups.extra.minSize",
    "aws_eks_node_group.scaling_config.desired_size",
    "The number of nodes is the autoscaler's.",
  ],
  [
    "Cluster",
    "additionalNodeGroups.extra.releaseVersion",
    "aws_eks_node_group.release_version",
    "A group stays at its release until another is set.",
  ],
  [
    "Cluster",
    "addons.metrics-server.version",
    "aws_eks_addon.addon_version",
    "An add-on stays at its version until another is set.",
  ],
  [
    "ModuleRepoBackend",
    "performanceInsights",
    "aws_db_instance.performance_insights_retention_period",
    "Has no effect while it is off.",
  ],
];

/** Changes that AWS does not see. */
export const NO_EFFECT: readonly Row[] = [];
