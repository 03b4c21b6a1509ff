import { describe, inject } from "vitest";
import { VERSIONS } from "./versions";

/** A group of tests that need a control plane, for each version; the global setup reports when they are skipped. */
export const onKubernetes = (name: string, tests: (version: string) => void) =>
  describe.skipIf(inject("missing") !== "").each(VERSIONS)(`Kubernetes %s: ${name}`, tests);
