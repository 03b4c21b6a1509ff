import type { Json, StackFolder } from "@cdktf-ml-infra/rehearsal/stacks";
import { expect, it } from "vitest";
import { Plausible } from "../../../tools/policy/plausible";

const stackOf = (id: string, json: Json): StackFolder => ({ id, needs: [], folder: "", json });
const network = stackOf("dev-network", {
  provider: { aws: [{ region: "eu-west-1", allowed_account_ids: ["111122223333"] }] },
  resource: { aws_s3_bucket: { b: { bucket: "mine" } }, aws_kms_key: { k: {} } },
  output: { "cross-stack-output-bucket": { value: `\${aws_s3_bucket.b.arn}` } },
});
const box = stackOf("dev-box", {
  provider: { aws: [{ region: "us-west-2" }, { alias: "far", region: "ap-northeast-1" }] },
  data: { aws_caller_identity: { me: {} }, aws_region: { here: {} } },
  resource: {
    aws_secretsmanager_secret: { s: { name: "token" } },
    aws_secretsmanager_secret_version: { v: { secret_id: `\${aws_secretsmanager_secret.s.id}` } },
    aws_sqs_queue: { q: { name: "jobs", provider: "aws.far" } },
    aws_db_instance: { d: {} },
    aws_ecs_cluster: { c: { name: "farm" } },
    aws_instance: { i: { user_data: `\${base64encode(file("a"))}`, tags: { Name: "box" } } },
  },
});
const text = (template: string) => new Plausible([network, box]).text("dev-box", template);

it("gives values of the form that AWS does, from the stack's own settings", () => {
  expect(text(`\${aws_sqs_queue.q.arn}`)).toBe("arn:aws:sqs:ap-northeast-1:123456789012:jobs");
  expect(text(`\${data.aws_caller_identity.me.account_id}/\${data.aws_region.here.id}`)).toBe("123456789012/us-west-2");
  expect(text(`\${aws_secretsmanager_secret_version.v.arn}`)).toMatch(
    /^arn:aws:secretsmanager:us-west-2:123456789012:secret:token-\w{6}$/,
  );
  expect(text(`\${aws_db_instance.d.master_user_secret[0].secret_arn}`)).toMatch(/^arn:aws:secretsmanager:us-west-2:/);
});
it("follows an output into another stack, its provider and its account", () => {
  const remote =
    "data.terraform_remote_state.cross-stack-reference-input-dev-network.outputs.cross-stack-output-bucket";
  expect(text(`\${${remote}}/*`)).toBe("arn:aws:s3:::mine/*");
  expect(new Plausible([network]).text("dev-network", `\${aws_kms_key.k.arn}`)).toMatch(
    /^arn:aws:kms:eu-west-1:111122223333:key\/[\da-f-]{36}$/,
  );
});
it("works out replace", () => {
  expect(text(`\${replace(aws_ecs_cluster.c.arn, ":cluster/", ":task/")}/*`)).toBe(
    "arn:aws:ecs:us-west-2:123456789012:task/farm/*",
  );
});
it("gives the same each time, and each resource its own", () => {
  expect(text(`\${aws_instance.i.id}`)).toBe(text(`\${aws_instance.i.id}`));
  expect(text(`\${aws_instance.i.id}`)).not.toBe(text(`\${aws_db_instance.d.id}`));
});
it.each([
  [`\${aws_vpc.v.id}`, "dev-box: aws_vpc.v.id, which no resource of the stack is called"],
  [`\${base64encode(aws_instance.i.id)}`, "dev-box: the function base64encode, which"],
  [`\${aws_instance.i.user_data}`, "dev-box: the function file, which"],
  [`\${data.terraform_remote_state.cross-stack-reference-input-gone.outputs.x}`, "the stack gone, which was not"],
])("says what it cannot know of %s", (template, message) => {
  expect(() => text(template)).toThrow(message);
});
