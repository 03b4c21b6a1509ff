import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readDockerfile } from "./dockerfile.fixture";

const FOLDER = "assets/containers";
const IMAGES = readdirSync(FOLDER);

it("knows the images", () => {
  expect(IMAGES).toEqual(["fossa-worker", "gateway"]);
});

describe.each(IMAGES)("the image %s", (image) => {
  const instructions = readDockerfile(join(FOLDER, image, "Dockerfile"));
  const all = (name: string) => instructions.filter((one) => one.name === name).map(({ rest }) => rest);
  const position = (name: string) => instructions.map((one) => one.name).lastIndexOf(name);

  it("stands on one image of Amazon's public registry, of an exact version", () => {
    expect(all("FROM")).toEqual([
      expect.stringMatching(
        /^public\.ecr\.aws\/docker\/library\/(python|node):\d+\.\d+\.\d+-(slim-trixie|trixie-slim)$/,
      ),
    ]);
  });
  it("runs as a user with a number, and gives nothing to it", () => {
    expect(all("USER")).toEqual([expect.stringMatching(/^[1-9]\d*:[1-9]\d*$/)]);
    expect(position("USER")).toBeGreaterThan(Math.max(position("COPY"), position("RUN")));
    expect(all("COPY").filter((rest) => rest.includes("--chown"))).toEqual([]);
  });
  it("runs its program as process 1, so that SIGTERM reaches it", () => {
    expect(all("CMD").map((rest) => JSON.parse(rest))).toEqual([[expect.any(String), expect.any(String)]]);
    expect(all("ENTRYPOINT")).toEqual([]);
  });
  it("fetches nothing but by COPY", () => {
    expect(all("ADD")).toEqual([]);
    expect(all("RUN").filter((rest) => /\b(curl|wget|apt|git)\b|https?:/.test(rest))).toEqual([]);
  });
  it("holds no secret", () => {
    expect(readFileSync(join(FOLDER, image, "Dockerfile"), "utf8")).not.toMatch(/password|secret|amqps?:/i);
  });
  it("gets no more from its folder than it copies", () => {
    const lines = readFileSync(join(FOLDER, image, ".dockerignore"), "utf8")
      .trimEnd()
      .split("\n");
    expect(lines[0]).toBe("*");
    const copied = all("COPY").flatMap((rest) =>
      rest
        .split(" ")
        .slice(0, -1)
        .map((path) => path.replace(/\/$/, "")),
    );
    expect(
      lines
        .filter((line) => line.startsWith("!"))
        .map((line) => line.slice(1))
        .sort(),
    ).toEqual(copied.sort());
  });
});
