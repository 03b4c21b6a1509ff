/** JSON of a stack with a cluster. */
export const clusterStack = (
  version: string,
  { region = "us-east-1", ...more }: { region?: string; upgrade_policy?: object } = {},
) => ({
  provider: { aws: [{ region }] },
  terraform: { backend: {} },
  resource: {
    aws_eks_cluster: { eks: { name: "ml", version, upgrade_policy: { support_type: "STANDARD" }, ...more } },
  },
});
