import { expect, it } from "vitest";
import { readDockerfile } from "./dockerfile.fixture";

const instructions = readDockerfile("assets/containers/gateway/Dockerfile");
const all = (name: string) => instructions.filter((one) => one.name === name).map(({ rest }) => rest);

it("the gateway's Dockerfile runs its bundle on its port, and asks itself there whether it is well", () => {
  expect(all("COPY")).toEqual(["gateway.mjs ./"]);
  expect(JSON.parse(all("CMD")[0] ?? "")).toEqual(["node", "gateway.mjs"]);
  expect(all("EXPOSE")).toEqual(["8080"]);
  expect(all("HEALTHCHECK")[0]).toContain("fetch('http://127.0.0.1:8080/healthz')");
});
