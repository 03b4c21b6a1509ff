import { Fleet, type FleetProps } from "../../../../modules/aws/ec2/fleet";
import { synth } from "../../../support/synth";

const SIZES = { minSize: 0, maxSize: 4, warmupSeconds: 300, spotPercentage: 100, onDemandBase: 0 };
/** A fleet of spot machines that keeps its size. */
export const buildFleet = (props: Partial<FleetProps> = {}) =>
  synth(
    (stack) =>
      new Fleet(stack, "fleet", {
        name: "dev-training",
        subnetIds: ["subnet-a"],
        instanceTypes: ["g4dn.xlarge", "g5.xlarge"],
        sizes: SIZES,
        instanceProfileName: "profile",
        securityGroupIds: ["sg-1"],
        publicAddress: false,
        userData: "#!/bin/bash\n",
        rootVolume: { gib: 100 },
        tags: { Team: "ml" },
        dependsOn: [],
        ...props,
      }),
  );
