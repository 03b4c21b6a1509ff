import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    isolate: false,
    maxWorkers: 2, // of two cores; vitest would leave one to itself
    include: ["__tests__/**/*.test.ts", "packages/*/__tests__/**/*.test.ts"],
    exclude: ["__tests__/aws/**", "__tests__/kube/**"],
    setupFiles: ["__tests__/support/setup.ts"],
    testTimeout: 60_000, // of a test that takes a second, on a machine that does ten things at once
  },
});
