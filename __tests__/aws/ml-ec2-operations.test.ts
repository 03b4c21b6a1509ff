import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { build, EVERYTHING, FLEET, type OperationsSettings } from "../modules/ml-ec2/operations.fixture";
import { mockApply } from "../support/mock-apply";
import { Moto } from "../support/moto";
import type { Json } from "../support/synth";
import { AWS_PROVIDER, Workspace } from "../support/terraform";
import { forMoto, type Lack, without } from "../support/terraform-json";
import { withoutWhatMotoLacks } from "./moto-lacks";
import { onAws } from "./stacks.fixture";

/** What moto lacks of these parts. */
const LACKS: Lack[] = [
  // not known to moto: it answers 500
  { type: "aws_ec2_instance_connect_endpoint" },
  { type: "aws_dlm_lifecycle_policy" },
  { type: "aws_efs_backup_policy" },
  // made, but never found again; its task goes with it
  { type: "aws_ssm_maintenance_window_target" },
  { type: "aws_ssm_maintenance_window_task" },
  // forgotten
  { type: "aws_instance", misreports: ["maintenance_options"] },
  { type: "aws_vpc_security_group_egress_rule", misreports: ["description"] },
];

const table: [string, OperationsSettings][] = [
  ["at its defaults", {}],
  ["with everything on", EVERYTHING],
  ["with everything on, as a fleet", FLEET],
];

const stackOf = (settings: OperationsSettings): Json => ({
  ...build(settings).parsed,
  terraform: { required_providers: { aws: AWS_PROVIDER } },
});

onAws("operations of ML EC2", () => {
  describe("with the provider's schemas and made-up answers", () => {
    it.each(table)("apply %s", async (name, settings) => {
      const { resource } = stackOf(settings);
      await mockApply(`operations ${name}`.replaceAll(/\W+/g, "-"), stackOf(settings), {
        asserts: Object.fromEntries(
          Object.entries<Json>(resource).flatMap(([type, named]) =>
            Object.keys(named).map((id) => [`${type}.${id} has no id`, `${type}.${id}.id != ""`]),
          ),
        ),
      });
    });
  });

  describe("on moto", () => {
    let moto: Moto;
    beforeAll(async () => {
      moto = await Moto.start();
    });
    afterAll(() => moto?.stop());

    it.each(table)("apply %s, and a second plan changes nothing", async (name, settings) => {
      await moto.reset();
      const json = without(LACKS, withoutWhatMotoLacks(forMoto(stackOf(settings))));
      const workspace = await Workspace.of(`operations ${name}`.replaceAll(/\W+/g, "-"), json, { env: moto.env });
      await workspace.apply();
      expect(await workspace.plan()).toEqual([]);
    });
  });
});
