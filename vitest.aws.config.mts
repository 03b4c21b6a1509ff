import { defineConfig } from "vitest/config";

/** `npm run test:aws`: Terraform's real AWS provider on the synthesized stacks, against moto and against mocks. */
export default defineConfig({
  test: {
    include: ["__tests__/aws/**/*.test.ts"],
    globalSetup: ["__tests__/aws/global-setup.ts"],
    setupFiles: ["__tests__/support/setup.ts"],
    maxWorkers: 2, // each runs one terraform at a time; the provider has 700 MB and is busy
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
