import { CodebuildProject } from "@cdktf/provider-aws/lib/codebuild-project";
import { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { SfnStateMachine } from "@cdktf/provider-aws/lib/sfn-state-machine";
import type { TerraformStack } from "cdktf";
import { expect, it } from "vitest";
import { build } from "./portfolio.fixture";

const app = build();

it("is four stacks", () => {
  expect(app.ids).toEqual(["dev-portfolio-api", "dev-portfolio-data", "dev-portfolio-layers", "dev-portfolio-website"]);
});
it("deploys what others need first, and the website without the API", () => {
  const needs = (id: string) => (app.app.node.findChild(id) as TerraformStack).dependencies.map(({ node }) => node.id);
  expect(needs("dev-portfolio-data")).toEqual([]);
  expect(needs("dev-portfolio-layers")).toEqual(["dev-portfolio-data"]);
  expect(needs("dev-portfolio-website")).toEqual(["dev-portfolio-data"]);
  expect(needs("dev-portfolio-api").sort()).toEqual([
    "dev-portfolio-data",
    "dev-portfolio-layers",
    "dev-portfolio-website",
  ]);
});
it("shares no name between two environments", () => {
  const TYPES = [DynamodbTable, CodebuildProject, SfnStateMachine];
  const names = (made: ReturnType<typeof build>): string[] =>
    made.ids.flatMap((id) => {
      const stack = made.stack(id);
      return [
        ...TYPES.flatMap((type) => stack.all(type).map(({ name }) => name)),
        ...stack.all(LambdaFunction).map(({ function_name }) => function_name),
      ];
    });
  const [one, two] = [names(app), names(build({}, "test"))];
  expect(one.length).toBeGreaterThan(8);
  expect(one).toHaveLength(two.length);
  expect(one.filter((name) => two.includes(name))).toEqual([]);
  expect(one.filter((name) => !/^dev-portfolio\b/.test(name))).toEqual([]);
});
