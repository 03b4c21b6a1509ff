import { readFileSync } from "node:fs";

export interface Instruction {
  name: string;
  rest: string;
}

/** Instructions of a Dockerfile, each in one line, without comments. */
export function readDockerfile(file: string): Instruction[] {
  const text = readFileSync(file, "utf8").replace(/^\s*#.*\n/gm, "");
  return text
    .replace(/\\\n\s*/g, "")
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const [, name = "", rest = ""] = /^(\S+)\s+(.*)$/.exec(line) ?? [];
      return { name, rest };
    });
}
