import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Moto } from "../support/moto";
import type { Json } from "../support/synth";
import { type Attempt, AWS_PROVIDER, type Change, Workspace } from "../support/terraform";
import { forMoto, ref } from "../support/terraform-json";
import { MOTO_LACKS, type MotoLack } from "./moto-lacks";
import { onAws } from "./stacks.fixture";

const trust = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "eks.amazonaws.com" } }],
};
const cluster_name = ref("aws_eks_cluster.attempt.name");
const role_arn = ref("aws_iam_role.attempt.arn");
const subnet_ids = [ref("aws_subnet.a.id"), ref("aws_subnet.b.id")];
const vpc_id = ref("aws_vpc.attempt.id");

/** As log buckets have it: nobody comes without TLS, and S3 writes. */
const LOGS_POLICY = {
  Version: "2012-10-17",
  Statement: [
    { Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "arn:aws:s3:::attempt-logs/*" },
    {
      Effect: "Allow",
      Principal: { Service: "logging.s3.amazonaws.com" },
      Action: "s3:PutObject",
      Resource: "arn:aws:s3:::attempt-logs/*",
    },
  ],
};
/** An EKS cluster, an ECS cluster and what they need, for the attempts to refer to. */
const surroundings = forMoto({
  terraform: { required_providers: { aws: AWS_PROVIDER } },
  provider: { aws: [{ region: "us-east-1" }] },
  resource: {
    aws_vpc: { attempt: { cidr_block: "10.0.0.0/16" } },
    aws_subnet: {
      a: { vpc_id, cidr_block: "10.0.0.0/24", availability_zone: "us-east-1a" },
      b: { vpc_id, cidr_block: "10.0.1.0/24", availability_zone: "us-east-1b" },
    },
    aws_iam_role: { attempt: { name: "attempt", assume_role_policy: JSON.stringify(trust) } },
    aws_eks_cluster: { attempt: { name: "attempt", role_arn, vpc_config: { subnet_ids } } },
    aws_s3_bucket: { attempt: { bucket: "attempt" }, logs: { bucket: "attempt-logs" } },
    aws_s3_bucket_policy: { logs: { bucket: ref("aws_s3_bucket.logs.id"), policy: JSON.stringify(LOGS_POLICY) } },
    aws_ecs_cluster: { attempt: { name: "attempt" } },
    aws_sqs_queue: { attempt: { name: "attempt" } },
    aws_ecs_task_definition: {
      attempt: {
        family: "attempt",
        network_mode: "awsvpc",
        requires_compatibilities: ["FARGATE"],
        cpu: "256",
        memory: "512",
        container_definitions: JSON.stringify([{ name: "attempt", image: "attempt:1" }]),
      },
    },
    aws_eks_node_group: {
      attempt: {
        cluster_name,
        node_role_arn: role_arn,
        subnet_ids,
        scaling_config: { desired_size: 1, min_size: 1, max_size: 1 },
        lifecycle: { ignore_changes: ["remote_access"] },
      },
    },
  },
});

/** Longer than anything takes here that works; what waits for ever, as the provider sometimes does, is stopped then. */
const PATIENCE_MS = 60_000;

const misreported = MOTO_LACKS.filter(({ misreports }) => misreports);
const lacking = MOTO_LACKS.filter(({ misreports }) => !misreports);

const nameOf = ({ argument }: MotoLack) => argument ?? "tried";
const addressOf = (lack: MotoLack) => `${lack.type}.${nameOf(lack)}`;
const table = (lacks: readonly MotoLack[]) => lacks.map((lack) => [addressOf(lack), lack] as const);

/** The surroundings with one resource or data source for each of the lacks. */
function withAttempts(lacks: readonly MotoLack[]): Json {
  const json = structuredClone(surroundings);
  json.resource.terraform_data = { attempt: {} }; // new, so that data that depends on it is read by apply, not by plan
  for (const lack of lacks) {
    const [type = "", kind = "resource"] = lack.type.split(".").reverse();
    const order = kind === "data" ? { depends_on: ["terraform_data.attempt"] } : {};
    json[kind] ??= {};
    json[kind][type] = { ...json[kind][type], [nameOf(lack)]: { ...lack.attempt, ...order } };
  }
  return json;
}

onAws("moto still", () => {
  let moto: Moto;
  beforeAll(async () => {
    moto = await Moto.start();
  });
  afterAll(() => moto?.stop());

  describe("lacks", () => {
    let attempt: Attempt;
    beforeAll(async () => {
      const attempts = withAttempts(lacking);
      const workspace = await Workspace.of("lacking", attempts, { env: moto.env }); // whose types the provider then tells
      workspace.write("cdk.tf.json", surroundings);
      await workspace.apply();
      workspace.write("cdk.tf.json", attempts);
      attempt = await workspace.tryApply(PATIENCE_MS);
    });
    it.each(table(lacking))("%s", (address, { shows }) => {
      expect([...attempt.made], "it works on moto now: take it off the list").not.toContain(address);
      expect(attempt.errors.get(address)).toContain(shows);
    });
  });

  describe("misreports", () => {
    let changes: Change[];
    beforeAll(async () => {
      await moto.reset();
      const workspace = await Workspace.of("misreported", withAttempts(misreported), { env: moto.env });
      await workspace.apply();
      changes = await workspace.plan();
    });
    it.each(table(misreported))("%s", (address, { misreports }) => {
      const wrong = changes.find((change) => change.address === address)?.values ?? {};
      expect(Object.keys(wrong), "what moto tells right now, take off the list").toEqual(
        expect.arrayContaining(misreports ?? []),
      );
    });
  });
});
