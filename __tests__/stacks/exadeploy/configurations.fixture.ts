import { dev } from "../../../environments/dev";
import { defineEnvironment, type Environment, type EnvironmentSettings } from "../../../stacks/environment";
import type { ExadeploySettings } from "../../../stacks/exadeploy/settings";

const { clientNetwork, ...noPeer } = dev.exadeploy as ExadeploySettings;
const { moduleRepoBackend, ...localBackend } = noPeer;

const environment = (name: string, exadeploy: EnvironmentSettings["exadeploy"]): Environment =>
  defineEnvironment({ name, region: "us-west-2", exadeploy });

/** The four ways in which the reference is used, each a matter of settings. */
export const configurations = {
  /** One peer, a demo network; the settings are those of dev. */
  basic: environment("basic", { ...noPeer, clientNetwork }),
  /** The demo network, a second VPC of this account, one of another account and one in another region. */
  "multi-peer": environment("multi-peer", {
    ...noPeer,
    clientNetwork,
    peers: {
      research: { vpcId: "vpc-0a1b2c3d4e5f60718", cidrs: ["10.1.0.0/16"], routeTables: ["rtb-0a1b2c3d4e5f60718"] },
      partner: {
        vpcId: "vpc-0b1b2c3d4e5f60718",
        cidrs: ["10.2.0.0/16", "100.65.0.0/16"],
        routeTables: ["rtb-0b1b2c3d4e5f60718"],
        accountId: "444455556666",
        roleArn: "arn:aws:iam::444455556666:role/peering",
      },
      tokyo: {
        vpcId: "vpc-0c1b2c3d4e5f60718",
        cidrs: ["10.3.0.0/16"],
        routeTables: ["rtb-0c1b2c3d4e5f60718"],
        region: "ap-northeast-1",
        dnsResolution: true,
      },
    },
  }),
  /** Clients in the same VPC. */
  "no-peer": environment("no-peer", noPeer),
  /** The module repository keeps its data in its pod. */
  "local-backend": environment("local-backend", { ...localBackend, clientNetwork }),
} satisfies Record<string, Environment>;
