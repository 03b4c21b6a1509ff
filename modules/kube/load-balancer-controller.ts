import { type ITerraformDependable, Token } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { PodIdentityRole } from "../aws/eks/pod-identity-role";
import { policy } from "../common/iam/policy";
import { checkedBy } from "../common/settings/checked-by";
import { orToken, parseProps, reference } from "../common/settings/props";
import { regionSchema } from "../common/settings/region";
import { tagsSchema } from "../common/settings/tags";
import { HelmChart, partShape } from "./helm-chart";
import { kubeLabelSchema } from "./kube-names";
import { loadBalancerStatements } from "./load-balancer-policy";

const schema = z.strictObject({
  /** Cluster whose Services and Ingresses get load balancers. */
  cluster: reference<{ clusterName: string }>("a Cluster", "clusterName"),
  /** VPC of the cluster; pods cannot read it from the metadata service. */
  vpcId: orToken(z.string().regex(/^vpc-[0-9a-f]{8,17}$/, "must be the id of a VPC")),
  /** Region of the cluster, for the same reason. */
  region: regionSchema,
  /** Existing namespace of the controller. */
  namespace: kubeLabelSchema.default("kube-system"),
  /** Replicas of the controller, 1 to 5, of which one is active. */
  replicas: z.int().min(1).max(5).default(2),
  /** Allow ALBs to authenticate users with Cognito. */
  cognito: z.boolean().default(false),
  /** Allow Ingresses to use web ACLs of AWS WAF. */
  waf: z.boolean().default(false),
  /** Allow Ingresses to use Shield Advanced. */
  shield: z.boolean().default(false),
  /** Tags on the load balancers, their target groups and security groups. Keys of an Ingress's or a Service's own win. */
  tags: tagsSchema.default({}),
  ...partShape,
});
export type LoadBalancerControllerProps = z.input<typeof schema>;
/** The settings without the wiring. */
export const loadBalancerControllerSettings = checkedBy(schema, {
  cluster: { clusterName: "any" },
  vpcId: "vpc-00000000",
  region: "us-west-2",
  dependsOn: undefined,
});

const NAME = "aws-load-balancer-controller";

/** AWS Load Balancer Controller: network load balancers for Services, application load balancers for Ingresses. */
export class LoadBalancerController extends Construct {
  readonly namespaceName: string;
  readonly roleArn: string;
  /** What Services and Ingresses must wait for, or the controller's webhook rejects them. */
  readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, props: LoadBalancerControllerProps) {
    super(scope, id);
    const { cluster, vpcId, region, namespace, replicas, cognito, waf, shield, tags, dependsOn, ...release } =
      parseProps(this, schema, props);
    const { clusterName } = cluster;
    const role = new PodIdentityRole(this, "role", {
      name: Token.isUnresolved(clusterName) ? NAME : `${clusterName}-load-balancers`,
      clusterName,
      namespace,
      serviceAccount: NAME,
      policy: policy(...loadBalancerStatements(clusterName, { cognito, waf, shield })),
    });
    const chart = new HelmChart(this, "chart", {
      chartKey: NAME,
      name: NAME,
      namespace,
      defaults: {
        clusterName,
        region,
        vpcId,
        replicaCount: replicas,
        serviceAccount: { create: true, name: NAME },
        defaultTargetType: "ip",
        defaultLoadBalancerScheme: "internal",
        enableServiceMutatorWebhook: false, // Services without a class keep using Kubernetes' own load balancers
        ...(Object.keys(tags).length > 0 && { defaultTags: tags }),
        enableShield: shield,
        enableWaf: false, // WAF Classic
        enableWafv2: waf,
      },
      dependsOn: [...role.ready, ...dependsOn],
      ...release,
    });
    this.namespaceName = namespace;
    this.roleArn = role.roleArn;
    this.ready = chart.ready;
  }
}
