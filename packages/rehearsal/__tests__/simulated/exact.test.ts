import { describe, expect, it } from "vitest";
import type { Value } from "../../src/msgpack-cty";
import type { CtyType } from "../../src/schema";
import { simulated, text } from "./simulated.fixture";

describe("exactly known attributes", () => {
  const oidc: CtyType = ["list", ["object", { oidc: ["list", ["object", { issuer: "string" }]] }]];
  const cluster = simulated(
    "aws_eks_cluster",
    { endpoint: "string", certificate_authority: ["list", ["object", { data: "string" }]], identity: oidc },
    { name: "prod" },
  );
  it("of an EKS cluster", () => {
    expect(cluster.get("endpoint")).toMatch(/^https:\/\/[0-9A-F]{32}\.gr7\.eu-west-1\.eks\.amazonaws\.com$/);
    expect(cluster.get("identity")).toEqual([
      {
        oidc: [{ issuer: expect.stringMatching(/^https:\/\/oidc\.eks\.eu-west-1\.amazonaws\.com\/id\/[0-9A-F]{32}$/) }],
      },
    ]);
    const [authority] = cluster.get("certificate_authority") as { data: string }[];
    expect(Buffer.from(authority?.data ?? "", "base64").toString()).toMatch(/^-----BEGIN CERTIFICATE-----/);
  });
  it("of a database follow its engine and name", () => {
    const database = simulated(
      "aws_db_instance",
      { endpoint: "string", port: "number" },
      { engine: "mysql", identifier: "shop" },
    );
    expect(database.get("endpoint")).toMatch(/^shop\.[0-9a-f]{12}\.eu-west-1\.rds\.amazonaws\.com:3306$/);
  });
  it("of a load balancer are parts of its ARN", () => {
    const balancer = simulated("aws_lb", { arn: "string", arn_suffix: "string" }, { name: "web" });
    expect(balancer.get("arn")).toMatch(new RegExp(`:loadbalancer/${balancer.get("arn_suffix")}$`));
  });
  describe("of a certificate", () => {
    const record: CtyType = [
      "object",
      {
        domain_name: "string",
        resource_record_name: "string",
        resource_record_type: "string",
        resource_record_value: "string",
      },
    ];
    const types: Record<string, CtyType> = { domain_validation_options: ["set", record] };
    const proofs = (values: Record<string, Value>, seed?: string) =>
      simulated("aws_acm_certificate", types, values, seed).get("domain_validation_options") as Record<
        string,
        string
      >[];

    it("are the record that proves its domain", () => {
      expect(proofs({ domain_name: "a.b" })).toEqual([
        {
          domain_name: "a.b",
          resource_record_name: expect.stringMatching(/^_[0-9a-f]{32}\.a\.b\.$/),
          resource_record_type: "CNAME",
          resource_record_value: expect.stringMatching(/^_[0-9a-f]{32}\.[0-9a-f]{10}\.acm-validations\.aws\.$/),
        },
      ]);
    });
    it("are a record for each distinct name, the same as another certificate of the account has for it", () => {
      const both = proofs({ domain_name: "a.b", subject_alternative_names: ["c.b", "a.b", "d.b"] });
      expect(both.map(({ domain_name }) => domain_name)).toEqual(["a.b", "c.b", "d.b"]);
      expect(new Set(both.map(({ resource_record_name }) => resource_record_name)).size).toBe(3);
      expect(proofs({ domain_name: "c.b" }, "another")).toEqual([both[1]]);
    });
    it("are the same record for a domain and the names below it", () => {
      const [domain, below] = proofs({ domain_name: "a.b", subject_alternative_names: ["*.a.b"] });
      expect(below).toEqual({ ...domain, domain_name: "*.a.b" });
    });
  });
  it("of a repository name account and region", () => {
    expect(text("aws_ecr_repository", "repository_url", { name: "app" })).toBe(
      "111122223333.dkr.ecr.eu-west-1.amazonaws.com/app",
    );
  });
  it("of a CloudFormation stack are those that its template declares", () => {
    const types: Record<string, CtyType> = { outputs: ["map", "string"] };
    const outputs = (template_body: string) =>
      simulated("aws_cloudformation_stack", types, { template_body }).get("outputs");
    expect(outputs(JSON.stringify({ Outputs: { Host: {}, KeyId: {}, Other: {} } }))).toEqual({
      Host: expect.stringMatching(/^host-[0-9a-f]{12}\.eu-west-1\.amazonaws\.com$/),
      KeyId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      Other: expect.stringMatching(/^other-/),
    });
    expect(outputs("{}")).toEqual({});
    expect(outputs("Outputs:\n  Host:\n")).toEqual({});
  });
});
