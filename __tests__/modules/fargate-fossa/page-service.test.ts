import { LbListener } from "@cdktf/provider-aws/lib/lb-listener";
import { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group";
import { describe, expect, it } from "vitest";
import { FargateFossa } from "../../../modules/fargate-fossa/fargate-fossa";
import type { FossaClusterSettings } from "../../../modules/fargate-fossa/fossa-cluster";
import { type BadInput, rejects } from "../../support/bad-input";
import { refTo } from "../../support/synth";
import { containerOf, farm, IMAGE, PLACE, serviceOf, TLS } from "./fossa.fixture";

const gateway = { imageBuild: "prebuilt", image: IMAGE, pageImage: IMAGE, page: "container", ...TLS } as const;
const build = (cluster: FossaClusterSettings = {}) => farm({ egress: "nat-gateway", gateway, cluster });

describe("the page as a service", () => {
  const made = build();
  it("is one task behind HTTPS, which asks for its health without sign-in", () => {
    expect(serviceOf(made, "dev-fossa-page")).toMatchObject({
      desired_count: 1,
      load_balancer: [{ container_name: "page", container_port: 8080, target_group_arn: refTo(LbTargetGroup, "arn") }],
    });
    expect(made.one(LbTargetGroup)).toMatchObject({ target_type: "ip", health_check: { path: "/healthz" } });
    expect(
      made
        .all(LbListener)
        .map(({ port }) => port)
        .sort(),
    ).toEqual([443, 80]);
  });
  it("is told which workers there are, where the password lies, and that tasks may be posted", () => {
    const { environment, secrets, healthCheck, logConfiguration } = containerOf(made, "dev-fossa-page");
    expect(Object.fromEntries(environment.map(({ name, value }: Record<string, string>) => [name, value]))).toEqual({
      AWS_REGION: "eu-west-2",
      PORT: "8080",
      PASSWORD_SECRET_ARN: expect.stringContaining("aws_secretsmanager_secret_version"),
      WORKER_PORT: "2345",
      WORKER_GROUP: "service:dev-fossa-worker",
      POST_ENABLED: "true",
      TLS: "true",
    });
    expect(logConfiguration.options["awslogs-stream-prefix"]).toBe("gateway");
    expect(secrets).toBeUndefined(); // the program itself asks for the password
    expect(healthCheck.command.join(" ")).toContain("http://127.0.0.1:8080/healthz");
  });
  it("is who workers let in", () => {
    const rules = Object.values<Record<string, unknown>>(made.parsed.resource.aws_vpc_security_group_ingress_rule);
    const callers = rules.filter(({ from_port }) => from_port === 2345);
    expect(callers).toHaveLength(1);
    expect(callers[0]?.referenced_security_group_id).toMatch(/cluster_page_access/);
  });
});
it("is as large and as many as is asked for", () => {
  const made = build({ page: { cpu: 512, memory: 1024, desiredCount: 2 } });
  expect(serviceOf(made, "dev-fossa-page").desired_count).toBe(2);
});
rejects(
  "test/fossa/cluster",
  [
    ["page.memory", { page: { cpu: 512, memory: 512 } }, "1024, 2048, 3072, 4096 MiB"],
    ["page.cpu", { page: { cpu: 300 as 256 } }, "256"],
    ["page.desiredCount", { page: { desiredCount: -1 } }, "at least 0"],
    ["page.desiredCount", { page: { desiredCount: 5001 } }, "at most 5000"],
  ] as BadInput<FossaClusterSettings>[],
  (scope, cluster) => new FargateFossa(scope, "fossa", { ...PLACE, egress: "nat-gateway", gateway, cluster }),
);
