import { defineEnvironment } from "../../stacks/environment";

/** A cluster for a first GPU job: one pool from zero, a queue, and Ray. Copy it to `environments/`, or take what it has. */
export const firstGpuJob = defineEnvironment({
  name: "first",
  region: "us-west-2",
  exadeploy: {
    cluster: {
      administrators: { me: "arn:aws:iam::111122223333:role/platform-admin" }, // yours, or nobody can use the Kubernetes API
      systemGroups: { scheduler: false, "module-repository": false, prometheus: false },
      runnerPools: [
        {
          suffix: "gpu",
          category: "gpu",
          instanceTypes: ["g5.xlarge"],
          minSize: 0,
          maxSize: 4,
          diskSize: 200, // images with CUDA have tens of GiB
        },
      ],
    },
    kube: {
      platform: {
        operators: { kueue: {}, "kuberay-operator": {} },
        namespaces: { jobs: { quota: { gpus: 4 } } },
      },
    },
  },
});
