import fc from "fast-check";
import { NodeGroup, type NodeGroupProps } from "../../../modules/cluster/node-group";
import { fuzz, type Wrong } from "../../support/fuzz";
import { validNodeGroup } from "./group-arbitraries.fixture";
import { invalidNodeGroup } from "./group-breaks.fixture";
import { CLUSTER } from "./node-group.fixture";

const names = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/);
const clusters = fc
  .record({
    clusterName: fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/),
    autoscaler: fc.constantFrom("cluster-autoscaler" as const, "karpenter" as const, "none" as const),
    instanceTags: fc.dictionary(
      fc.stringMatching(/^[b-z][a-z:/ -]{0,20}$/),
      fc.stringMatching(/^[\w.:/=+@ -]{0,256}$/),
      {
        maxKeys: 3,
        noNullPrototype: true,
      },
    ),
    autoscalingGroupTags: fc.dictionary(
      fc.stringMatching(/^[b-z][a-z:/ -]{0,20}$/),
      fc.stringMatching(/^[\w.:/=+@ -]{0,256}$/),
      {
        maxKeys: 3,
        noNullPrototype: true,
      },
    ),
  })
  .map((settings) => ({ ...CLUSTER, ...settings }));

const valid: fc.Arbitrary<NodeGroupProps> = fc.record({ name: names, cluster: clusters, settings: validNodeGroup });
const wrongSettings = fc.tuple(names, clusters, invalidNodeGroup).map(
  ([name, cluster, { key, props }]): Wrong<NodeGroupProps> => ({
    key: `settings.${key}`,
    props: { name, cluster, settings: props },
  }),
);
const wrongRest = fc
  .tuple(
    valid,
    fc.constantFrom<[string, unknown]>(
      ["name", ""],
      ["name", "a b"],
      ["name", "x".repeat(64)],
      ["name", "-a"],
      ["cluster", "ml"],
      ["cluster", { clusterName: "ml" }],
      ["settings", undefined],
      ["setings", {}],
    ),
  )
  .map(
    ([props, [key, value]]): Wrong<NodeGroupProps> => ({ key, props: { ...props, [key]: value } as NodeGroupProps }),
  );

fuzz(
  "test/group",
  { valid, invalid: fc.oneof({ weight: 5, arbitrary: wrongSettings }, wrongRest) },
  (scope, props) => new NodeGroup(scope, "group", props),
);
