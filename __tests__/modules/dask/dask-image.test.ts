import { readFileSync } from "node:fs";
import { Token } from "cdktf";
import { expect, it } from "vitest";
import { daskImageSchema } from "../../../modules/dask/dask-image";
import { build } from "./dask.fixture";

const accepts = (image: string) => daskImageSchema.safeParse(image).success;

it.each([
  "ghcr.io/dask/dask:2026.3.0",
  "ghcr.io/dask/dask:2026.5.9-py3.12",
  "daskdev/dask:2021.4.1",
  "docker.io/daskdev/dask:2025.12.0",
  `ghcr.io/dask/dask:2026.3.0@sha256:${"0".repeat(64)}`,
  `ghcr.io/dask/dask@sha256:${"0".repeat(64)}`,
  "111122223333.dkr.ecr.us-east-1.amazonaws.com/dask:2027.1.0",
  "ghcr.io/data-team/dask:2027.1.0",
])("takes %s", (image) => expect(accepts(image)).toBe(true));
it("takes what another resource tells", () => expect(accepts(Token.asString({ resolve: () => "x" }))).toBe(true));
it.each([
  "ghcr.io/dask/dask:2026.6.0",
  "ghcr.io/dask/dask:2026.6.0-py3.12",
  "ghcr.io/dask/dask-notebook:2026.8.0",
  "daskdev/dask:2027.1.0",
  `ghcr.io/dask/dask:2026.8.0@sha256:${"0".repeat(64)}`,
  "ghcr.io/dask/dask:latest",
  "ghcr.io/dask/dask",
])("refuses %s", (image) => expect(accepts(image)).toBe(false));

it("has the versions that the helper and the tests pin", () => {
  const image = build().outputs.image.value;
  const version = /:(\d+\.\d+\.\d+)$/.exec(image)?.[1];
  const pinsOf = (file: string) =>
    Object.fromEntries(
      [...readFileSync(file, "utf8").matchAll(/^[\s"]*([\w-]+)(?:\[[\w,]+\])?==([\d.]+)/gm)].map(([, name, pin]) => [
        name,
        pin,
      ]),
    );
  for (const file of ["assets/dask/client/pyproject.toml", "requirements-dask.txt"]) {
    expect(pinsOf(file), file).toMatchObject({
      dask: version,
      distributed: version,
      "dask-cloudprovider": "2025.9.0",
    });
  }
});
