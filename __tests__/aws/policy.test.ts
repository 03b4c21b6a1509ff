import { createServer, type Server } from "node:net";
import { join } from "node:path";
import type { StackFolder } from "@cdktf-ml-infra/rehearsal/stacks";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { FOLDER, REQUIREMENTS } from "../../tools/policy/command";
import { type Judgement, judge } from "../../tools/policy/judge";
import { installPython, PythonTools, scannerEnv } from "../../tools/policy/python-tools";
import { REASONS } from "../../tools/policy/reasons";
import { renderFinding } from "../../tools/policy/report";
import { type StackResult, scan } from "../../tools/policy/scan";
import { POLICY_ENVIRONMENTS } from "../stacks/policies.fixture";
import type { Json } from "../support/synth";
import { onAws, stacksOf } from "./stacks.fixture";

/**
 * What checkov 3.3.30 fails of the systems that ours took over from: the training box's dev environment; the modules of
 * Exafunction/terraform-aws-exafunction-cloud with terraform-aws-modules vpc 3.19.0 and eks 19.21.0, as its root uses
 * them. The reference of Fossa is no Terraform.
 */
const REFERENCES: [stack: string, failed: number, checks: number][] = [
  ["dev-ml-ec2", 17, 121],
  ["dev-exadeploy-network", 5, 72],
  ["dev-exadeploy-cluster", 12, 133],
  ["dev-exadeploy-module-repo-backend", 17, 49],
  ["dev-exadeploy-peering", 1, 7],
  ["dev-exadeploy-client-network", 4, 71],
];

onAws("checkov, parliament and cloudsplaining, on every stack of every environment and configuration", () => {
  let tools: PythonTools;
  let results: StackResult[];
  let judgement: Judgement;
  let calls = 0;

  beforeAll(async () => {
    const folder = await installPython(REQUIREMENTS, FOLDER);
    const proxy = await listening(() => calls++);
    const { port } = proxy.address() as { port: number };
    const proxies = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"].flatMap((name) => [name, name.toLowerCase()]);
    const env = Object.fromEntries(proxies.map((name) => [name, `http://127.0.0.1:${port}`]));
    tools = new PythonTools(
      folder,
      scannerEnv({ ...process.env, ...env, NO_PROXY: "", no_proxy: "" }, inject("scratch")),
    );
    results = await scan(stacksOf(...POLICY_ENVIRONMENTS), tools, join(inject("scratch"), "policy"));
    proxy.close();
    judgement = judge(
      results.flatMap(({ findings }) => findings),
      REASONS,
    );
  });

  it("find nothing for which no reason stands", () => {
    expect(judgement.open.map(renderFinding)).toEqual([]);
  });
  it("find something for each reason that stands", () => {
    expect(judgement.stale).toEqual([]);
  });
  it("read every stack", () => {
    expect(results.filter(({ stack, checks }) => checks === 0 && !/-kube$/.test(stack))).toEqual([]);
  });
  it("ask nobody outside of this machine", () => {
    expect(calls).toBe(0);
  });
  it.each(REFERENCES)("fail less of %s than the %i of %i of its reference", (id, failed) => {
    expect(results.find(({ stack }) => stack === id)?.failed).toBeLessThan(failed);
  });

  describe("where something is wrong", () => {
    const at = (path: string) => ({ "//": { metadata: { path: `wrong/${path}` } } });
    const statement = (more: Json) =>
      JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...more }] });
    const wrong: StackFolder = {
      id: "wrong",
      needs: [],
      folder: "",
      json: {
        provider: { aws: [{ region: "us-west-2" }] },
        data: { aws_availability_zones: { zones: at("zones") } },
        resource: {
          aws_s3_bucket: { bucket: { ...at("bucket"), bucket: "open" } },
          aws_iam_role: {
            role: {
              ...at("role"),
              assume_role_policy: statement({ Action: "sts:AssumeRole", Principal: { AWS: "*" } }),
            },
          },
          aws_iam_policy: {
            mismatch: {
              ...at("mismatch"),
              policy: statement({
                Action: "logs:DescribeLogGroups",
                Resource: "arn:aws:logs:us-west-2:123456789012:log-group:g",
              }),
            },
            rights: {
              ...at("rights"),
              policy: statement({ Action: ["iam:PutUserPolicy", "s3:GetObject"], Resource: "*" }),
            },
          },
          aws_s3_bucket_policy: {
            everybody: {
              ...at("everybody"),
              policy: statement({ Action: "s3:GetObject", Principal: "*", Resource: "arn:aws:s3:::open/*" }),
            },
          },
        },
      },
    };
    let found: string[];
    beforeAll(async () => {
      const [result] = await scan([wrong], tools, join(inject("scratch"), "wrong"));
      found = (result?.findings ?? []).map(({ check, path, about }) => [check, path.slice(6), about].join(" ").trim());
    });

    it.each([
      "CKV_AWS_18 bucket",
      "CKV_AWS_394 zones",
      "CKV_AWS_60 role",
      "parliament:RESOURCE_MISMATCH mismatch logs:DescribeLogGroups",
      "cloudsplaining:DataExfiltration rights s3:GetObject",
      "cloudsplaining:ResourceExposure rights iam:PutUserPolicy",
      "cloudsplaining:PrivilegeEscalation rights PutUserPolicy",
      "cloudsplaining:InternetAccessible everybody s3:GetObject",
    ])("say %s", (expected) => {
      expect(found).toContain(expected);
    });
  });
});

/** A proxy that only counts who comes. */
function listening(onCall: () => void): Promise<Server> {
  const server = createServer((socket) => {
    onCall();
    socket.destroy();
  });
  return new Promise((done) => server.listen(0, "127.0.0.1", () => done(server)));
}
