import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { expect, it } from "vitest";
import { namesOf, systemNameSchema } from "../../../modules/fargate-fossa/fossa-names";
import { farm } from "./fossa.fixture";

it.each(["abc", "a-1", "a-b-c", `a${"b".repeat(23)}`])("takes %s", (name) => {
  expect(systemNameSchema.safeParse(name).success).toBe(true);
});
it.each(["ab", "1abc", "abc-", "a--c", "Abc", "a_c", `a${"b".repeat(24)}`])("refuses %s", (name) => {
  expect(systemNameSchema.safeParse(name).success).toBe(false);
});
it("names the cluster after the system, and the rest behind it", () => {
  expect(namesOf("dev-fossa")).toEqual({
    cluster: "dev-fossa",
    workers: "dev-fossa-worker",
    broker: "dev-fossa-broker",
    page: "dev-fossa-page",
    workerGroup: "service:dev-fossa-worker",
    workerRoles: ["dev-fossa-worker-task-*", "dev-fossa-worker-execution-*"],
    pageRoles: ["dev-fossa-page-task-*", "dev-fossa-page-execution-*"],
  });
});
it.each(["dev-fossa", `a${"b".repeat(23)}`])("tells the roles that the workers of %s get", (name) => {
  const prefixes = farm({ name })
    .all(IamRole)
    .map(({ name_prefix }) => `${name_prefix}*`);
  expect(prefixes).toEqual(expect.arrayContaining(namesOf(name).workerRoles));
});
