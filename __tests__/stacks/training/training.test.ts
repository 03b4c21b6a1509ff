import { AutoscalingGroup } from "@cdktf/provider-aws/lib/autoscaling-group";
import { CodebuildProject } from "@cdktf/provider-aws/lib/codebuild-project";
import { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { expect, it } from "vitest";
import { synthApp } from "../../support/synth";
import { trainingConfigurations } from "./configurations.fixture";
import { build } from "./training.fixture";

const app = build();

it("is four stacks", () => {
  expect(app.ids).toEqual([
    "dev-training-compute",
    "dev-training-jobs",
    "dev-training-network",
    "dev-training-storage",
  ]);
});
it("lives in a network that exists", () => {
  const made = synthApp(trainingConfigurations.tenant);
  expect(made.stack("tenant-training-network").all(Vpc)).toEqual([]);
  expect(made.stack("tenant-training-compute").one(AutoscalingGroup).vpc_zone_identifier).toEqual([
    "subnet-0b1b2c3d4e5f60718",
    "subnet-0c1b2c3d4e5f60718",
  ]);
});
it("shares no name between two environments", () => {
  const names = (made: ReturnType<typeof build>) =>
    made.ids.flatMap((id) =>
      [AutoscalingGroup, SqsQueue, DynamodbTable, CodebuildProject].flatMap((type) =>
        made
          .stack(id)
          .all(type)
          .map(({ name }) => name),
      ),
    );
  const [one, two] = [names(app), names(build({}, "test"))];
  expect(one).toHaveLength(two.length);
  expect(one.filter((name) => two.includes(name))).toEqual([]);
});
