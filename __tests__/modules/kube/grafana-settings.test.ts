import { expect, it } from "vitest";
import { ADMIN_SECRET, grafanaSchema, grafanaValues } from "../../../modules/kube/grafana-settings";

const CERTIFICATE = "arn:aws:acm:us-east-1:111122223333:certificate/0a1b2c3d";
type Settings = Parameters<typeof grafanaSchema.parse>[0];
const values = (settings: Settings = {}) => grafanaValues(grafanaSchema.parse(settings));

it("is reached from within the cluster, its user's password in a Secret", () => {
  expect(values()).toEqual({
    enabled: true,
    admin: { existingSecret: "grafana-admin", userKey: "admin-user", passwordKey: "admin-password" },
    service: { type: "ClusterIP" },
  });
  expect(ADMIN_SECRET).toEqual({ name: "grafana-admin", userKey: "admin-user", passwordKey: "admin-password" });
});
it("is reached by TLS from certain networks where it is public", () => {
  const { service } = values({
    public: { certificateArn: CERTIFICATE, sourceRanges: ["198.51.100.0/24", "192.0.2.1/32"] },
  });
  const prefix = "service.beta.kubernetes.io/aws-load-balancer";
  expect(service).toEqual({
    type: "LoadBalancer",
    port: 443,
    loadBalancerSourceRanges: ["192.0.2.1/32", "198.51.100.0/24"],
    annotations: {
      [`${prefix}-type`]: "external",
      [`${prefix}-nlb-target-type`]: "ip",
      [`${prefix}-scheme`]: "internet-facing",
      [`${prefix}-ssl-cert`]: CERTIFICATE,
      [`${prefix}-ssl-ports`]: "443",
      [`${prefix}-ssl-negotiation-policy`]: "ELBSecurityPolicy-TLS13-1-2-2021-06",
    },
  });
});
