import { z } from "zod";
import { namedCallersSchema } from "../common/settings/allowed-cidrs";
import { certificateArnSchema, kmsKeyArnSchema, secretArnSchema } from "../common/settings/arns";
import type { HelmValues } from "./helm-chart";

/** Settings of Grafana. */
export const grafanaSchema = z.strictObject({
  /** Secret whose text is the password of Grafana's user `admin`; generated when absent. */
  adminSecretArn: secretArnSchema.optional(),
  /** KMS key that encrypts the generated password; Secrets Manager's own when absent. */
  kmsKeyArn: kmsKeyArnSchema.optional(),
  /**
   * An internet-facing network load balancer with TLS, created by the AWS Load Balancer Controller. When absent, Grafana
   * is reachable by `kubectl port-forward` only.
   */
  public: z
    .strictObject({
      /** Certificate of the load balancer. */
      certificateArn: certificateArnSchema,
      /** IPv4 blocks of clients, 1 to 15, each /8 to /32. */
      sourceRanges: namedCallersSchema("name the networks of those who look at dashboards").refine(
        (ranges) => ranges.length > 0,
        "must name at least one block, got none",
      ),
    })
    .optional(),
});
export type GrafanaSettings = z.output<typeof grafanaSchema>;

export const ADMIN_SECRET = { name: "grafana-admin", userKey: "admin-user", passwordKey: "admin-password" } as const;

/** Values of the Grafana subchart. */
export const grafanaValues = (settings: GrafanaSettings): HelmValues => ({
  enabled: true,
  admin: {
    existingSecret: ADMIN_SECRET.name,
    userKey: ADMIN_SECRET.userKey,
    passwordKey: ADMIN_SECRET.passwordKey,
  },
  service: settings.public ? publicService(settings.public) : { type: "ClusterIP" },
});

const LOAD_BALANCER = "service.beta.kubernetes.io/aws-load-balancer";

/** Source: AWS Load Balancer Controller, "Network Load Balancer" annotations. */
const publicService = ({ certificateArn, sourceRanges }: NonNullable<GrafanaSettings["public"]>): HelmValues => ({
  type: "LoadBalancer",
  port: 443,
  loadBalancerSourceRanges: [...sourceRanges].sort(),
  annotations: {
    [`${LOAD_BALANCER}-type`]: "external",
    [`${LOAD_BALANCER}-nlb-target-type`]: "ip",
    [`${LOAD_BALANCER}-scheme`]: "internet-facing",
    [`${LOAD_BALANCER}-ssl-cert`]: certificateArn,
    [`${LOAD_BALANCER}-ssl-ports`]: "443",
    [`${LOAD_BALANCER}-ssl-negotiation-policy`]: "ELBSecurityPolicy-TLS13-1-2-2021-06",
  },
});
