import { createRequire } from "node:module";

/** Options with which Node.js runs this package's TypeScript in any folder. */
export const TYPESCRIPT = ["-r", createRequire(__filename).resolve("sucrase/register/ts")];
