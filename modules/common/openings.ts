/** Rules of a security group each way. Source: Amazon VPC quotas, "Inbound or outbound rules per security group". */
export const RULE_QUOTA = { default: 60, highest: 1000 };

/** What the security groups of a cluster let in already, for those who add rules to them, such as a peering. */
export interface Openings {
  /** Blocks for which the client ports are open. */
  readonly clientCidrs: readonly string[];
  /** Blocks for which the Kubernetes API is open. */
  readonly apiCidrs: readonly string[];
  /** Ingress rules of the pods' group that has the most. */
  readonly nodeRules: number;
  /** Ingress rules of the group of the Kubernetes API. */
  readonly apiRules: number;
  /** Ingress rules that a group may have. */
  readonly securityGroupRules: number;
}

/** Security groups of which nothing is known. */
export const NO_OPENINGS: Openings = {
  clientCidrs: [],
  apiCidrs: [],
  nodeRules: 0,
  apiRules: 0,
  securityGroupRules: RULE_QUOTA.default,
};
