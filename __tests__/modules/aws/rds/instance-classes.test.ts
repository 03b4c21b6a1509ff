import { expect, it } from "vitest";
import { impossibleClass } from "../../../../modules/aws/rds/instance-classes";

it.each([
  ["db.t4g.8xlarge", "db.t4g.xlarge"],
  ["db.t3.16xlarge", "db.r3.xlarge"],
  ["db.m7g.32xlarge", "db.m7g.2xlarge"],
  ["db.m5.6xlarge", "db.m5.2xlarge"],
])("refuses %s, a size that its family lacks in every region", (name) => {
  expect(impossibleClass(name)).toMatch(
    new RegExp(
      `^must be a class that RDS has: ${name} is not a known one, did you mean db\\.[a-z0-9]+\\.[0-9]*x?[a-z]+, got ${name}$`,
    ),
  );
});
it.each(["db.t4g.micro", "db.t4g.2xlarge", "db.m7g.16xlarge", "db.r8g.48xlarge", "db.x2iedn.32xlarge", "db.m9g.large"])(
  "accepts %s",
  (name) => expect(impossibleClass(name)).toBeUndefined(),
);
it.each(["db.m12g.large", "db.c6gd.medium"])("accepts %s, of a family that the record does not have", (name) =>
  expect(impossibleClass(name)).toBeUndefined(),
);
