import { afterAll, beforeAll, expect, inject, it } from "vitest";
import {
  kubeConfigurations,
  kubeEnvironment,
  PARTS,
  RELEASE,
  REMOTE,
} from "../stacks/exadeploy/kube-configurations.fixture";
import type { Json } from "../support/synth";
import { onKubernetes } from "./kube.fixture";
import { ControlPlane } from "./support/control-plane";
import { objectsOf } from "./support/stack-objects";

const EXTERNAL_SECRETS = { secretArns: ["arn:aws:secretsmanager:us-west-2:123456789012:secret:any-Ab12Cd"] };

/** The configurations whose objects others than themselves can become, with what a change of settings makes of them. */
const CHANGED = {
  everything: kubeEnvironment(
    "everything",
    {
      platform: {
        ...PARTS,
        namespaces: { jobs: { quota: { gpus: 4, pods: 9 }, labels: { team: "a" } }, more: { traffic: {} } },
        externalSecrets: { ...EXTERNAL_SECRETS, allowedNamespaces: ["jobs", "more"] },
      },
      release: { ...REMOTE, runner: { ...REMOTE.runner, ingressHost: "runners.example.com" } },
    },
    { remote: true },
  ),
  karpenter: kubeEnvironment(
    "karpenter",
    { release: RELEASE, platform: { karpenter: { consolidateAfterMinutes: 9, expireAfterHours: "Never" } } },
    { autoscaler: "karpenter" },
  ),
};

onKubernetes("what the stacks hold", (version) => {
  let plane: ControlPlane;
  let kinds: Record<string, { scope: string }>;
  beforeAll(async () => {
    plane = await ControlPlane.start(version, inject("scratch"));
    await plane.addKinds();
    const crds = await plane.kubectl.get("crd");
    kinds = Object.fromEntries(crds.map(({ spec }) => [spec.names.kind, { scope: spec.scope }]));
  });
  afterAll(() => plane?.stop());

  /** As Helm sends them: the kinds that are of no namespace have none. */
  const sent = (objects: Json[] = []) =>
    objects.map((object) => {
      if (kinds[object.kind]?.scope !== "Cluster") return object;
      const { namespace: _, ...metadata } = object.metadata;
      return { ...object, metadata };
    });

  const configurations = Object.entries(objectsOf(...Object.values(kubeConfigurations)));
  const changed = objectsOf(...Object.values(CHANGED));

  it.each(configurations)(
    "applies %s strictly, changes nothing when it is applied again, and deletes all of it",
    async (name, all) => {
      const objects = sent(all);
      expect(objects.length).toBeGreaterThan(0);
      await plane.kubectl.apply(objects);
      expect(await plane.kubectl.diff(objects)).toBe("");

      const next = sent(changed[name]);
      if (next.length > 0) {
        expect(next).not.toEqual(objects);
        await plane.kubectl.apply(next); // without a conflict of fields
        expect(await plane.kubectl.diff(next)).toBe("");
      }
      await plane.kubectl.delete([...objects, ...next].reverse());
    },
  );
});
