import { expect } from "vitest";

/** Preconditions that fail a plan which changes one of the settings. */
export const keeps = (...settings: string[]) => ({
  precondition: settings.map((setting) => ({
    condition: expect.stringContaining(`["${setting}"]) == `),
    error_message: expect.stringContaining(`${setting}: must stay `),
  })),
});
