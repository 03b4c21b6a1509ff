import { describe, expect, it } from "vitest";
import { deployStatements, deploysSchema } from "../../../../modules/aws/image-build/deploys";
import { parseInput } from "../../../../modules/common/settings/props";
import { errorOf } from "../../../support/bad-input";

const SERVICE = { clusterName: "dev", serviceName: "worker" };
const parse = (input: unknown) => parseInput("h", deploysSchema, input);

it("lets a build start one service anew, and nothing else", () => {
  expect(deployStatements(SERVICE, "eu-west-2", "111122223333")).toEqual([
    {
      Sid: "Service",
      Action: ["ecs:DescribeServices", "ecs:UpdateService"],
      Resource: "arn:aws:ecs:eu-west-2:111122223333:service/dev/worker",
    },
  ]);
});
it("lets it hand the roles of the tasks to ECS, and to nobody else, where they are named", () => {
  const [, pass, ...more] = deployStatements({ ...SERVICE, roleNames: ["b-task-*", "a-exec"] }, "eu-west-2", "1");
  expect(more).toEqual([]);
  expect(pass).toEqual({
    Sid: "RolesOfItsTasks",
    Action: "iam:PassRole",
    Resource: ["arn:aws:iam::1:role/a-exec", "arn:aws:iam::1:role/b-task-*"],
    Condition: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
  });
});
describe("accepts", () => {
  it.each(["a", "A-b_9", "x".repeat(255)])("the name %s", (serviceName) => {
    expect(parse({ ...SERVICE, serviceName })).toEqual({ ...SERVICE, serviceName });
  });
  it.each([["abcd*"], ["a".repeat(64)], ["dev-fossa-worker-task-*"]])("the role %s", (name) => {
    expect(parse({ ...SERVICE, roleNames: [name] })).toMatchObject({ roleNames: [name] });
  });
});
it.each<[string, unknown, string]>([
  ["clusterName", { serviceName: "a" }, "is required"],
  ["serviceName", { clusterName: "a" }, "is required"],
  ["clusterName", { ...SERVICE, clusterName: "" }, "letters, digits"],
  ["clusterName", { ...SERVICE, clusterName: "a/b" }, "letters, digits"],
  ["clusterName", { ...SERVICE, clusterName: "*" }, "letters, digits"],
  ["serviceName", { ...SERVICE, serviceName: "a".repeat(256) }, "at most 255"],
  ["roleNames", { ...SERVICE, roleNames: [] }, "at least 1"],
  ["roleNames", { ...SERVICE, roleNames: Array.from({ length: 11 }, (_, index) => `role-${index}`) }, "at most 10"],
  ["roleNames[0]", { ...SERVICE, roleNames: ["*"] }, "at least 4 characters of it"],
  ["roleNames[0]", { ...SERVICE, roleNames: ["abc*"] }, "at least 4 characters of it"],
  ["roleNames[0]", { ...SERVICE, roleNames: ["ab*cd"] }, "a role's name"],
  ["roleNames[0]", { ...SERVICE, roleNames: ["a".repeat(65)] }, "a role's name"],
  ["roleNames[0]", { ...SERVICE, roleNames: ["arn:aws:iam::1:role/abcd"] }, "a role's name"],
  ["servicename", { ...SERVICE, servicename: "a" }, "did you mean serviceName?"],
])("refuses %s", (key, input, words) => {
  const error = errorOf(() => parse(input));
  expect(error.name).toBe("InputError");
  expect(error.message).toContain(`${key}: `);
  expect(error.message).toContain(words);
});
