import fc from "fast-check";
import { KubeNamespace, type KubeNamespaceProps } from "../../../modules/kube/kube-namespace";
import { broken, fuzz } from "../../support/fuzz";
import { inCluster } from "../../support/in-cluster";

const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?$/);
const own = label.filter((name) => name !== "default" && !name.startsWith("kube-"));
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const count = fc.integer({ min: 0, max: 100_000 });
const [cpu, memory] = [fc.constantFrom("1", "0.5", "250m"), fc.constantFrom("1Gi", "1.5Ti", "9Ki")];
const opening = fc.record({
  direction: fc.constant("ingress" as const),
  ports: fc.uniqueArray(fc.integer({ min: 1, max: 65535 }), { minLength: 1, maxLength: 20 }),
  cidrs: fc.uniqueArray(fc.constantFrom("10.0.0.0/8", "0.0.0.0/0", "192.0.2.1/32"), { minLength: 1 }),
  namespaces: fc.array(label, { maxLength: 3 }),
});
const valid: fc.Arbitrary<KubeNamespaceProps> = fc.record(
  {
    name: own,
    labels: fc.dictionary(fc.stringMatching(/^[a-z]{1,10}$/), fc.stringMatching(/^[a-z0-9]{1,9}$/), {
      noNullPrototype: true,
    }),
    podSecurity: fc.constantFrom("privileged", "baseline", "restricted"),
    quota: optional(
      fc.record(
        { cpu, memory, gpus: count, pods: count, loadBalancers: count, volumes: count, storage: memory },
        { requiredKeys: ["pods"] },
      ),
    ),
    containerDefaults: fc.record(
      { cpuRequest: cpu, memoryRequest: memory, cpuLimit: fc.constant("2"), memoryLimit: fc.constant("2Ti") },
      { requiredKeys: ["cpuRequest", "memoryRequest"] },
    ),
    traffic: optional(
      fc.record(
        {
          deny: fc.constantFrom("ingress", "all"),
          within: fc.boolean(),
          allow: fc.dictionary(
            label.filter((name) => !["default-deny", "dns", "within"].includes(name)),
            opening,
            { maxKeys: 3, noNullPrototype: true },
          ),
        },
        { requiredKeys: [] },
      ),
    ),
  },
  { requiredKeys: ["name", "containerDefaults"] },
);

const BREAKS: readonly (readonly [path: string, values: readonly unknown[]])[] = [
  ["name", ["", "A", "default", "kube-x", "a.b", 7, null, undefined]],
  ["podSecurity", ["none", 1, null]],
  ["labels", [7, null, []]],
  ["quota.pods", [-1, 0.5, "1", 100_001, null]],
  ["quota.memory", ["", "1", "0Gi", 5, null]],
  ["containerDefaults.cpuRequest", ["0", "x", 1, null]],
  ["containerDefaults.memoryLimit", ["1", "Gi", 7]],
  ["traffic.deny", ["none", true, null]],
  ["traffic.within", ["yes", 0, null]],
  ["quota.gpu", [1]],
  ["quotas", [{}]],
];
const breaks = BREAKS.flatMap(([path, values]) => values.map((value) => [path, value] as const));
const invalid = fc
  .tuple(valid, fc.constantFrom(...breaks))
  .map(([props, [path, value]]) => broken<KubeNamespaceProps>(props, path, value));

fuzz(
  "test/ns",
  { valid, invalid },
  inCluster((stack, props) => new KubeNamespace(stack, "ns", props)),
);
