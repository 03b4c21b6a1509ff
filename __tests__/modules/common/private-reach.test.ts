import { expect, it } from "vitest";
import { unreached } from "../../../modules/common/private-reach";

it("names what private subnets do not reach, in order", () => {
  expect(unreached(["s3", "ec2"], ["s3", "logs", "ecs"])).toEqual(["ecs", "logs"]);
  expect(unreached([], ["s3"])).toEqual(["s3"]);
  expect(unreached("everything", ["s3"])).toEqual([]);
  expect(unreached(undefined, ["s3"])).toEqual([]);
});
