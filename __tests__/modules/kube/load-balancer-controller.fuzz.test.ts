import fc from "fast-check";
import {
  LoadBalancerController,
  type LoadBalancerControllerProps,
} from "../../../modules/kube/load-balancer-controller";
import { broken, fuzz } from "../../support/fuzz";
import { inCluster } from "../../support/in-cluster";

const valid: fc.Arbitrary<LoadBalancerControllerProps> = fc.record(
  {
    cluster: fc.record({ clusterName: fc.stringMatching(/^[0-9A-Za-z][0-9A-Za-z_-]{0,99}$/) }),
    vpcId: fc.stringMatching(/^vpc-[0-9a-f]{8,17}$/),
    region: fc.constantFrom("us-west-2", "eu-central-1", "us-gov-west-1"),
    namespace: fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/),
    replicas: fc.integer({ min: 1, max: 5 }),
    cognito: fc.boolean(),
    waf: fc.boolean(),
    shield: fc.boolean(),
    timeoutSeconds: fc.integer({ min: 60, max: 3600 }),
  },
  { requiredKeys: ["cluster", "vpcId", "region"] },
);
const BREAKS: readonly (readonly [path: string, values: readonly unknown[]])[] = [
  ["cluster", ["ml", null, {}, undefined]],
  ["vpcId", ["", "vpc", "VPC-01234567", 7, null]],
  ["region", ["", "Oregon", null, undefined]],
  ["namespace", ["", "a.b", "-a", null]],
  ["replicas", [0, 6, 1.5, "2", null]],
  ["cognito", ["yes", null]],
  ["waf", ["yes", null]],
  ["shield", ["yes", null]],
  ["timeoutSeconds", [59, 3601]],
  ["replicaCount", [2]],
];
const breaks = BREAKS.flatMap(([path, values]) => values.map((value) => [path, value] as const));
const invalid = fc
  .tuple(valid, fc.constantFrom(...breaks))
  .map(([props, [path, value]]) => broken<LoadBalancerControllerProps>(props, path, value));

fuzz(
  "test/lb",
  { valid, invalid },
  inCluster((stack, props) => new LoadBalancerController(stack, "lb", props)),
);
