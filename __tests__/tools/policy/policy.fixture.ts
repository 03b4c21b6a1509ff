import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Json, StackFolder } from "@cdktf-ml-infra/rehearsal/stacks";
import type { PolicyDocument } from "../../../tools/policy/documents";
import type { Finding } from "../../../tools/policy/judge";
import type { Programs } from "../../../tools/policy/python-tools";
import type { StackResult } from "../../../tools/policy/scan";

const root = mkdtempSync(join(tmpdir(), "policy-test-"));

export const scratchFolder = (): string => mkdtempSync(join(root, "scratch-"));

export const finding = (more: Partial<Finding> = {}): Finding => ({
  check: "CKV_AWS_18",
  wants: "access logging",
  stack: "dev-box",
  path: "dev-box/data/bucket",
  type: "aws_s3_bucket",
  about: "",
  ...more,
});

export const resultOf = (more: Partial<StackResult> = {}): StackResult => ({
  stack: "dev-box",
  system: "ml-ec2",
  checks: 7,
  failed: 1,
  documents: 2,
  findings: [finding()],
  ...more,
});

export const stackOf = (id: string, json: Json = {}): StackFolder => ({ id, needs: [], folder: "", json });

/** A bucket and a policy in a stack of a system. */
export const BOX = {
  provider: { aws: [{ region: "us-west-2", default_tags: [{ tags: { System: "ml-ec2" } }] }] },
  terraform: { backend: {} },
  resource: {
    aws_s3_bucket: { data_bucket_1: { "//": { metadata: { path: "dev-box/data/bucket" } }, bucket: "data" } },
    aws_iam_role_policy: {
      role_policy_2: {
        "//": { metadata: { path: "dev-box/role/policy" } },
        policy: JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "s3:*" }] }),
      },
    },
  },
};

export const documentOf = (action: string, path = "dev-box/role/policy"): PolicyDocument => ({
  stack: "dev-box",
  path,
  type: "aws_iam_role_policy",
  kind: "identity",
  arn: "arn:aws:iam::123456789012:policy/p",
  document: { Statement: [{ Effect: "Allow", Action: action }] },
});

export interface Record {
  check_id: string;
  check_name: string;
  file_path: string;
  resource: string;
}

/** A record of checkov's. */
export const record = (resource = "resource.data_bucket_1", check = "CKV_AWS_18", stack = "dev-box"): Record => ({
  check_id: check,
  check_name: "access logging",
  file_path: `/${stack}/cdk.tf.json`,
  resource,
});

/** A report as checkov prints it. */
export const reportOf = (failed: Record[], passed: Record[] = [], summary: object = {}): string =>
  JSON.stringify({
    results: { passed_checks: passed, failed_checks: failed },
    summary: { parsing_errors: 0, skipped: 0, ...summary },
  });

/** Programs that answer with these texts, and tell how they were called. */
export function fakePrograms(answers: { [program: string]: string }) {
  const calls: { program: string; args: string[]; input?: string }[] = [];
  const run: Programs["run"] = async (program, args, input) => {
    calls.push({ program, args, input });
    return answers[program] ?? "";
  };
  return { run, calls };
}

/** A folder of programs that are these lines of shell. */
export function fakeBin(programs: { [program: string]: string }, folder = scratchFolder()): string {
  const bin = join(folder, "bin");
  mkdirSync(bin, { recursive: true });
  for (const [name, lines] of Object.entries(programs)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${lines}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  return folder;
}
