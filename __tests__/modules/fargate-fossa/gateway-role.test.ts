import { EcsCluster } from "@cdktf/provider-aws/lib/ecs-cluster";
import { IamInstanceProfile } from "@cdktf/provider-aws/lib/iam-instance-profile";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { Instance } from "@cdktf/provider-aws/lib/instance";
import { describe, expect, it } from "vitest";
import { GatewayHost } from "../../../modules/fargate-fossa/gateway-host";
import { type Json, refTo, synth } from "../../support/synth";
import { APP, BUILD, build, MAXIMAL, MINIMAL, PAGE, statementsIn, TYPICAL } from "./gateway-host.fixture";

const flat = (statements: Record<string, Json[]>) => Object.values(statements).flat();
const actions = (statement: Json): string[] => [statement.Action].flat();

it("is for EC2 only, reached by Session Manager, and there before the host", () => {
  const { one } = build(TYPICAL);
  expect(JSON.parse(one(IamRole).assume_role_policy).Statement).toEqual([
    { Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: ["sts:AssumeRole"] },
  ]);
  expect(one(IamRole).name_prefix).toBe("dev-fossa-gateway-");
  expect(one(IamRolePolicyAttachment)).toMatchObject({
    role: refTo(IamRole, "name"),
    policy_arn: "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore",
  });
  expect(one(IamInstanceProfile)).toMatchObject({ name_prefix: "dev-fossa-gateway-", role: refTo(IamRole, "name") });
  expect(one(Instance).iam_instance_profile).toEqual(refTo(IamInstanceProfile, "name"));
  const waitsFor = one(Instance).depends_on.join(" ");
  expect(waitsFor).toMatch(/aws_iam_role_policy\./);
  expect(waitsFor).toMatch(/aws_iam_role_policy_attachment\./);
});
it("may do nothing more where the host is the way out only", () => {
  expect(statementsIn(build(MINIMAL))).toEqual({});
});

describe("for the page", () => {
  const cluster = { ArnEquals: { "ecs:cluster": APP.clusterArns } };
  it("may fetch the program, read the password, and see the tasks of its clusters", () => {
    expect(statementsIn(build(PAGE))).toEqual({
      page: [
        { Effect: "Allow", Sid: "Program", Action: "s3:GetObject", Resource: `${APP.bucketArn}/gateway/gateway.mjs` },
        { Effect: "Allow", Sid: "Password", Action: "secretsmanager:GetSecretValue", Resource: APP.passwordSecretArn },
        { Effect: "Allow", Sid: "Clusters", Action: "ecs:ListClusters", Resource: "*" },
        {
          Effect: "Allow",
          Sid: "Tasks",
          Action: "ecs:ListTasks",
          Resource: ["arn:aws:ecs:eu-west-2:123456789012:container-instance/dev-fossa/*"],
          Condition: cluster,
        },
        {
          Effect: "Allow",
          Sid: "Task",
          Action: "ecs:DescribeTasks",
          Resource: ["arn:aws:ecs:eu-west-2:123456789012:task/dev-fossa/*"],
          Condition: cluster,
        },
      ],
    });
  });
  it("keeps to clusters that are known only later, too", () => {
    const { one } = synth((stack) => {
      const { arn } = new EcsCluster(stack, "fossa", { name: "fossa" });
      new GatewayHost(stack, "gateway", { ...PAGE, app: { ...APP, clusterArns: [arn] } });
    });
    const { policy } = one(IamRolePolicy);
    for (const kind of ["container-instance", "task"]) {
      expect(policy).toContain(`"Resource":["\${replace(aws_ecs_cluster.fossa.arn, ":cluster/", ":${kind}/")}/*"]`);
    }
    expect(policy.match(/"ecs:cluster":\["\$\{aws_ecs_cluster\.fossa\.arn\}"\]/g)).toHaveLength(2);
  });
});

describe("for images", () => {
  const { "image-build": statements } = statementsIn(build({ ...TYPICAL, build: BUILD }));
  it("may fetch their source, and push to their repository only", () => {
    expect(statements[0]).toEqual({
      Effect: "Allow",
      Sid: "Source",
      Action: "s3:GetObject",
      Resource: "arn:aws:s3:::fossa-sources/images/worker/*",
    });
    const rest = statements
      .slice(1)
      .filter((statement: Json) => !actions(statement).includes("ecr:GetAuthorizationToken"));
    expect(rest.flatMap(actions)).toEqual(expect.arrayContaining(["ecr:BatchGetImage", "ecr:PutImage"]));
    for (const { Resource } of rest) expect(Resource).toBe(BUILD.repositoryArn);
  });

  it("may start the service that runs them anew, and no other", () => {
    const deploys = { clusterName: "dev-fossa", serviceName: "worker", roleNames: ["dev-fossa-worker-task-*"] };
    const result = build({ ...TYPICAL, build: { ...BUILD, deploys } });
    const { policy } = result.all(IamRolePolicy).find(({ name }: Json) => name === "image-build");
    const [update, pass] = JSON.parse(policy).Statement.slice(-2);
    expect(update).toMatchObject({
      Action: ["ecs:DescribeServices", "ecs:UpdateService"],
      Resource: expect.stringMatching(/^arn:aws:ecs:\$\{\S+\}:\$\{\S+\}:service\/dev-fossa\/worker$/),
    });
    expect(pass).toMatchObject({
      Action: "iam:PassRole",
      Resource: [expect.stringMatching(/:role\/dev-fossa-worker-task-\*$/)],
    });
  });
});

describe("whatever it is for", () => {
  const everything = [MINIMAL, TYPICAL, PAGE, MAXIMAL].flatMap((props) => flat(statementsIn(build(props))));
  it("names every action in full", () => {
    expect(everything.length).toBeGreaterThan(15);
    expect(everything.flatMap(actions).filter((action) => action.includes("*"))).toEqual([]);
  });
  it("knows everything as a resource only where the action knows no other", () => {
    const open = everything.filter(({ Resource }) => [Resource].flat().includes("*")).flatMap(actions);
    expect([...new Set(open)].sort()).toEqual(["ecr:GetAuthorizationToken", "ecs:ListClusters"]);
  });
  it("uses no action of ECS but the three of the page", () => {
    const ecs = everything.flatMap(actions).filter((action) => action.startsWith("ecs:"));
    expect([...new Set(ecs)].sort()).toEqual(["ecs:DescribeTasks", "ecs:ListClusters", "ecs:ListTasks"]);
  });
});
