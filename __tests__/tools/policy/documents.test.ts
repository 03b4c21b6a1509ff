import type { Json } from "@cdktf-ml-infra/rehearsal/stacks";
import { expect, it } from "vitest";
import { documentsIn } from "../../../tools/policy/documents";
import { Plausible } from "../../../tools/policy/plausible";

const at = (path: string) => ({ "//": { metadata: { path: `dev-box/${path}` } } });
const statement = (more: Json) => JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...more }] });
const documents = (resource: Json) => {
  const stack = { id: "dev-box", needs: [], folder: "", json: { provider: { aws: [{}] }, resource } };
  return documentsIn(stack, new Plausible([stack]));
};

it("finds every document, whatever argument or block holds it, and says whose it is", () => {
  const found = documents({
    aws_iam_role: {
      r: {
        ...at("role"),
        name: "r",
        assume_role_policy: statement({ Action: "sts:AssumeRole" }),
        inline_policy: [{ name: "own", policy: statement({ Action: "s3:GetObject" }) }],
      },
    },
    aws_iam_policy: { p: { ...at("policy"), name: "p", policy: statement({ Action: "ec2:*" }) } },
    aws_vpc_endpoint: { e: { ...at("endpoint"), policy: statement({ Action: "s3:*" }) } },
    aws_s3_bucket: { b: { ...at("bucket"), bucket: "b", tags: { note: "a Statement of mine" } } },
  });
  expect(found.map(({ path, kind, document }) => [path, kind, document.Statement[0].Action])).toEqual([
    ["dev-box/role", "trust", "sts:AssumeRole"],
    ["dev-box/role", "identity", "s3:GetObject"],
    ["dev-box/policy", "identity", "ec2:*"],
    ["dev-box/endpoint", "resource", "s3:*"],
  ]);
  expect(found[0]).toMatchObject({ stack: "dev-box", type: "aws_iam_role", arn: "arn:aws:iam::123456789012:role/r" });
});
it("reads them as AWS gets them, with values for tokens that stand in quotes of their own", () => {
  const Resource = `\${replace(aws_ecs_cluster.c.arn, ":cluster/", ":task/")}/*`;
  const policy = statement({ Action: "ecs:StopTask", Resource: "TOKEN" }).replace("TOKEN", Resource);
  const [found] = documents({
    aws_ecs_cluster: { c: { name: "farm" } },
    aws_iam_role_policy: { p: { ...at("role/policy"), policy } },
  });
  expect(found?.document.Statement[0].Resource).toBe("arn:aws:ecs:us-east-1:123456789012:task/farm/*");
});
it("does not pass a document by that it cannot read", () => {
  const policy = `\${jsonencode({ Statement = [] })}`;
  expect(() => documents({ aws_iam_policy: { p: { ...at("policy"), policy } } })).toThrow("does not read");
});
