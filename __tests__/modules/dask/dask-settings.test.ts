import { expect, it } from "vitest";
import type { DaskClusterProps } from "../../../modules/dask/dask-cluster";
import { build } from "./dask.fixture";

const ecs = (props: Partial<DaskClusterProps>) => build(props).outputs.config.value.cloudprovider.ecs;
const tags = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`t${i}`, "v"]));

it.each([
  [{ workers: { cpu: 256, memory: 1024 } }, { worker_cpu: 256, worker_mem: 1024 }],
  [{ workers: { cpu: 16384, memory: 122_880 } }, { worker_cpu: 16_384, worker_mem: 122_880 }],
  [{ workers: { count: 1000 } }, { n_workers: 1000 }],
  [{ workers: { threads: 256 } }, { worker_nthreads: 256 }],
  [{ workers: { threads: 1, spot: false } }, { worker_nthreads: 1, fargate_spot: false }],
  [{ scheduler: { cpu: 256, memory: 512 } }, { scheduler_cpu: 256, scheduler_mem: 512 }],
  [{ scheduler: { idleMinutes: 1 } }, { scheduler_timeout: "1 minutes" }],
  [{ scheduler: { idleMinutes: 1440 } }, { scheduler_timeout: "1440 minutes" }],
  [{ architecture: "ARM64" }, { cpu_architecture: "ARM64" }],
  [{ environment: { EXTRA_PIP_PACKAGES: "s3fs pyarrow" } }, { environment: { EXTRA_PIP_PACKAGES: "s3fs pyarrow" } }],
] as const)("takes %j", (props, expected) => {
  expect(ecs(props as Partial<DaskClusterProps>)).toMatchObject(expected);
});
it("leaves room for the tags that a task gets besides", () => {
  expect(Object.keys(ecs({ tags: tags(46) }).tags)).toHaveLength(47);
  expect(() => build({ tags: tags(47) })).toThrow("tags: must have at most 46 tags, got 47");
  expect(() => build({ tags: tags(51) })).toThrow("tags: must have at most 50 tags, got 51");
});
it.each(["createdBy", "cluster", "dask_cluster_name", "DaskCluster"])("refuses the tag %s", (key) => {
  expect(() => build({ tags: { [key]: "x" } })).toThrow(`tags.${key}: must be another key`);
});
it.each([
  [{ DB_PASSWORD: "x" }, "environment.DB_PASSWORD: must be read from Secrets Manager"],
  [{ BROKER: "amqp://user:word@host" }, "environment.BROKER: must be read from Secrets Manager"],
  [{ "1A": "x" }, "environment.1A: must have letters"],
])("refuses the environment %j", (environment, message) => {
  expect(() => build({ environment })).toThrow(message);
});
