import { atLeast } from "@cdktf-ml-infra/rehearsal/terraform-version";

/** Oldest Node.js that the dependencies support. */
const NODE = "20.9.0";

/** The problem with this version of Node.js and its solution, in one sentence; undefined for a supported one. */
export function checkNode(version: string): string | undefined {
  if (atLeast(version, NODE)) return undefined;
  return `Node.js is ${version}, but ${NODE} or newer is needed: install a newer one from https://nodejs.org.`;
}
