import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    isolate: false,
    include: ["__tests__/**/*.test.ts"],
    exclude: ["__tests__/aws/**"],
    setupFiles: ["__tests__/support/setup.ts"],
  },
});
