import { expect, it } from "vitest";
import { defineEnvironment, type EnvironmentSettings } from "../../../stacks/environment";
import { publishedOutputs, synthApp } from "../../support/synth";

type Machines = NonNullable<EnvironmentSettings["mlEc2"]>["machines"];
const build = (machines: Machines = {}) =>
  synthApp(defineEnvironment({ name: "dev", region: "eu-west-1", mlEc2: { machines } })).stack("dev-ml-ec2");

const ALWAYS = [
  "datasets_bucket_arn",
  "datasets_bucket_name",
  "datasets_bucket_region",
  "iam_policy_document_s3",
  "infrastructure_summary",
  "ml_instance_profile_name",
  "ml_instance_role_arn",
  "ml_instance_role_name",
  "ml_instance_security_group_id",
  "models_bucket_arn",
  "models_bucket_name",
  "private_subnet_ids",
  "public_subnet_ids",
  "vpc_cidr",
  "vpc_id",
];
const MACHINE = [
  "aws_console_instance_url",
  "ml_instance_arn",
  "ml_instance_id",
  "ml_instance_private_ip",
  "ssm_session_command",
];
const JUPYTER = ["jupyter_forward_command", "jupyter_url"];
const TENSORBOARD = ["tensorboard_forward_command", "tensorboard_url"];
const names = (machines?: Machines) => publishedOutputs(build(machines));

it("publishes the reference's outputs, and how to get in without an open port", () => {
  expect(names()).toEqual([...ALWAYS, ...MACHINE, ...JUPYTER, ...TENSORBOARD, "jupyter_token_command"].sort());
});
it("gives commands that a person can type", () => {
  const { outputs } = build();
  const id = "\\$\\{aws_instance\\.[\\w-]+\\.id\\}";
  expect(outputs.ssm_session_command.value).toMatch(
    new RegExp(`^aws ssm start-session --region eu-west-1 --target ${id}$`),
  );
  expect(outputs.jupyter_forward_command.value).toMatch(
    /AWS-StartPortForwardingSession .*portNumber=8888,localPortNumber=8888$/,
  );
  expect(outputs.tensorboard_forward_command.value).toMatch(/portNumber=6006,localPortNumber=6006$/);
  expect(outputs.jupyter_url.value).toBe("http://localhost:8888");
  expect(outputs.jupyter_token_command.value).toMatch(
    /^aws secretsmanager get-secret-value .* --query SecretString --output text$/,
  );
  expect(JSON.stringify(outputs)).not.toMatch(/random_password/);
});
it("says nothing of services that are off", () => {
  expect(names({ jupyter: false, tensorboard: false })).toEqual([...ALWAYS, ...MACHINE].sort());
});
it("names a public address where there is one, and every machine where there are several", () => {
  expect(names({ placement: "public" })).toContain("ml_instance_public_ip");
  expect(names({ instanceCount: 2 })).toContain("ml_instance_ids");
  expect(build({ instanceCount: 2 }).outputs.ml_instance_ids.value).toHaveLength(2);
});
it("names the group in place of a machine where there is a fleet", () => {
  const fleet = names({ fleet: {} });
  expect(fleet).toEqual([...ALWAYS, "autoscaling_group_name", "jupyter_token_command"].sort());
});
it("names what the options add", () => {
  const loadBalancer = { domainName: "ml.example.com", hostedZoneId: "Z0123456789ABCDEFGHIJ" };
  const { outputs } = build({ loadBalancer, sharedFiles: {}, ciRole: { subjects: ["repo:a/b:ref:refs/heads/main"] } });
  expect(outputs.load_balancer_url.value).toBe("https://ml.example.com");
  expect(Object.keys(outputs)).toEqual(expect.arrayContaining(["shared_files_id", "ci_role_arn"]));
});
