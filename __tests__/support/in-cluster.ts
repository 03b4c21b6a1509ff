import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import type { synth } from "./synth";

type Scope = Parameters<Parameters<typeof synth>[0]>[0];

/** A build in a stack that has the providers of what runs in a cluster, which only stacks make outside tests. */
export const inCluster =
  <A extends unknown[], R>(build: (scope: Scope, ...rest: A) => R) =>
  (scope: Scope, ...rest: A): R => {
    new KubernetesProvider(scope, "kubernetes", {});
    new HelmProvider(scope, "helm", {});
    return build(scope, ...rest);
  };
