import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DataAwsIamSessionContext } from "@cdktf/provider-aws/lib/data-aws-iam-session-context";
import type { Construct } from "constructs";
import { Cluster } from "../../modules/cluster/cluster";
import type { Network } from "../../modules/network/network";
import type { BaseSettings } from "../base-settings";
import { BaseStack } from "../base-stack";
import type { ExadeploySettings } from "./settings";

/** EKS cluster that runs ExaDeploy and its runner pools. */
export class ExadeployClusterStack extends BaseStack {
  readonly cluster: Cluster;

  constructor(
    scope: Construct,
    environment: BaseSettings,
    network: Network,
    { cluster: settings, deployerIsAdministrator }: Pick<ExadeploySettings, "cluster" | "deployerIsAdministrator">,
  ) {
    super(scope, environment, {
      system: "exadeploy",
      layer: "cluster",
      description: "EKS cluster with system groups and runner pools",
      places: { cluster: { "": "exadeploy.cluster", name: "name", network: "exadeploy.network" } },
    });
    const administrators = deployerIsAdministrator
      ? { administrators: { deployer: this.deployer(), ...settings.administrators } }
      : {};
    const name = `${environment.name}-exadeploy`;
    const cluster = new Cluster(this, "cluster", {
      name,
      network,
      ...settings,
      ...administrators,
      instanceTags: { ...this.tags, ...settings.instanceTags },
      volumeTags: { ...this.tags, ...settings.volumeTags },
    });
    this.cluster = cluster;
    this.publish({
      cluster_name: cluster.clusterName,
      cluster_arn: cluster.clusterArn,
      cluster_primary_security_group_id: cluster.clusterPrimarySecurityGroupId,
      cluster_security_group_id: cluster.clusterSecurityGroupId,
      node_security_group_id: cluster.nodeSecurityGroupId,
      cluster_oidc_issuer_url: cluster.clusterOidcIssuerUrl,
      oidc_provider: cluster.oidcProvider,
    });
    if (settings.oidcProvider !== false) this.publish({ oidc_provider_arn: cluster.oidcProviderArn });
  }

  /** ARN of the deploying user, or of the role behind its session: the session's own ARN is temporary. */
  private deployer(): string {
    const { arn } = new DataAwsCallerIdentity(this, "deployer");
    return new DataAwsIamSessionContext(this, "deployer-role", { arn }).issuerArn;
  }
}
