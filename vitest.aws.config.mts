import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files that take longest, in this order: they begin first, so that no worker is left with one of them at the end. */
const LONGEST = [
  "transitions",
  "deploy",
  "stacks",
  "policy",
  "rehearsal-compared",
  "ml-ec2-data",
  "package-builds",
  "lambda-layer",
  "ml-ec2-operations",
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const place = LONGEST.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`));
      return place < 0 ? LONGEST.length : place;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

/** `npm run test:aws`: Terraform's real AWS provider on the synthesized stacks, against moto and against mocks. */
export default defineConfig({
  test: {
    include: ["__tests__/aws/**/*.test.ts"],
    globalSetup: ["__tests__/aws/global-setup.ts"],
    setupFiles: ["__tests__/support/setup.ts"],
    sequence: { sequencer: LongestFirst },
    maxWorkers: 2, // each runs one terraform at a time; the provider has 700 MB and is busy
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
