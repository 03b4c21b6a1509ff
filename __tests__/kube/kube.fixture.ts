import { describe, inject } from "vitest";
import { KUBERNETES_VERSIONS } from "../../tools/control-plane/kubernetes";

/** A group of tests that need a control plane, of each minor version; the global setup reports when they are skipped. */
export const onKubernetes = (name: string, tests: (version: string) => void) =>
  describe.skipIf(inject("missing") !== "").each(KUBERNETES_VERSIONS)(`Kubernetes %s: ${name}`, tests);
