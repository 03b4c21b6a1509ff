import { defineConfig } from "vitest/config";

/** `npm run test:kube`: what the stacks hold for Kubernetes, on real control planes of the minor versions that are supported. */
export default defineConfig({
  test: {
    include: ["__tests__/kube/**/*.test.ts"],
    globalSetup: ["__tests__/kube/global-setup.ts"],
    setupFiles: ["__tests__/support/setup.ts"],
    maxWorkers: 2, // a control plane each, of 600 MB
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
