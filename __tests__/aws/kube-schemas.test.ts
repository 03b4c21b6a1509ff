import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { Exadeploy } from "../../modules/exadeploy/exadeploy";
import { DcgmExporter } from "../../modules/kube/dcgm-exporter";
import { ExternalSecrets } from "../../modules/kube/external-secrets";
import { Gp3StorageClass } from "../../modules/kube/gp3-storage-class";
import { KubeNamespace } from "../../modules/kube/kube-namespace";
import { KubeSecret } from "../../modules/kube/kube-secret";
import { nodePools } from "../../modules/kube/pool-scheduling";
import { PrometheusStack } from "../../modules/kube/prometheus-stack";
import { SharedVolume } from "../../modules/kube/shared-volume";
import { inCluster } from "../support/in-cluster";
import { manifestsOf } from "../support/kube-manifests";
import { run } from "../support/process";
import { type Json, synth } from "../support/synth";

const skipped = inject("missing") !== "";
const secret = (name: string) => `arn:aws:secretsmanager:us-west-1:111122223333:secret:${name}-AbC123`;
const image = "registry.example.com/a:1";

/** Every kind of object that this project ships, every option on. */
const objects = (): Json[] => {
  const quota = { cpu: "64", memory: "256Gi", gpus: 8, pods: 9, loadBalancers: 1, volumes: 9, storage: "1Ti" };
  const containerDefaults = { cpuRequest: "100m", memoryRequest: "64Mi", cpuLimit: "1", memoryLimit: "1Gi" };
  const allow = {
    clients: { direction: "ingress" as const, ports: [50050], cidrs: ["10.0.0.0/8"], namespaces: ["apps"] },
    database: { direction: "egress" as const, ports: [5432], cidrs: ["10.0.112.0/20"] },
  };
  const { parsed } = synth(
    inCluster((stack) => {
      const cluster = { clusterName: "ml" };
      const pools = nodePools(stack, {});
      const { ready } = new KubeNamespace(stack, "namespace", {
        name: "ml",
        labels: { team: "a" },
        quota,
        containerDefaults,
        traffic: { allow },
      });
      new KubeSecret(stack, "secret", {
        name: "tls",
        namespace: "ml",
        secretArn: secret("tls"),
        parts: { "tls.crt": "certificate", "tls.key": "key" },
        type: "kubernetes.io/tls",
        dependsOn: ready,
      });
      const sources = {
        files: { kind: "efs", files: { fileSystemId: "fs-0123", accessPointId: "fsap-0123" } },
        scratch: { kind: "fsx-lustre", files: { fileSystemId: "fs-4567", dnsName: "a.example", mountName: "m" } },
        data: { kind: "s3", bucket: "b", region: "us-west-1", prefix: "a/", allowDelete: true, userId: 1000 },
      } as const;
      for (const [name, source] of Object.entries(sources)) {
        new SharedVolume(stack, name, { name, namespace: "ml", source, dependsOn: ready });
      }
      new Gp3StorageClass(stack, "gp3", { iops: 4000, throughput: 1000 });
      new PrometheusStack(stack, "prometheus", {
        cluster,
        pools,
        remoteWrite: { kind: "basic-auth", url: "https://a.example", secretArn: secret("write") },
      });
      new DcgmExporter(stack, "dcgm", { pools });
      new ExternalSecrets(stack, "external-secrets", {
        cluster,
        region: "us-west-1",
        allowedNamespaces: ["ml"],
        secretArns: [secret("a")],
      });
      new Exadeploy(stack, "exadeploy", {
        pools,
        namespaceSettings: { traffic: { deny: "ingress" } },
        apiKeySecretArn: secret("key"),
        scheduler: { image },
        moduleRepository: { image },
        runner: { image, ingressHost: "runners.example.com" },
        region: "us-west-1",
        s3AccessKeySecretArn: secret("s3"),
        backend: {
          rdsAddress: "db.example.com",
          rdsPort: 5432,
          rdsUsername: "exa",
          rdsDatabase: "modulerepo",
          masterUserSecretArn: secret("rds!db-1"),
          s3BucketId: "modules",
          s3Region: "us-west-1",
        },
      });
    }),
  );
  return manifestsOf(parsed);
};

describe.skipIf(skipped)("kubernetes-validate", () => {
  const validate = async (name: string, version: string, manifests: Json[]) => {
    const file = join(inject("scratch"), `${name}.yaml`);
    writeFileSync(file, manifests.map((manifest) => JSON.stringify(manifest)).join("\n---\n"));
    const program = join(inject("motoEnvironment"), "bin", "kubernetes-validate");
    return run(program, ["--strict", "--quiet", "--kubernetes-version", version, file]);
  };

  // from the oldest version that a cluster may have to the newest whose schemas there are
  it.each(["1.30", "1.35", "1.37"])(
    "has nothing to say of any object that is shipped, of Kubernetes %s",
    async (version) => {
      const manifests = objects();
      expect([...new Set(manifests.map(({ kind }) => kind))].sort()).toEqual([
        "ConfigMap",
        "LimitRange",
        "Namespace",
        "NetworkPolicy",
        "PersistentVolume",
        "PersistentVolumeClaim",
        "ResourceQuota",
        "Role",
        "RoleBinding",
        "Secret",
        "StorageClass",
      ]);
      const { status, stdout, stderr } = await validate(`all-${version}`, version, manifests);
      expect(stdout + stderr).toBe("");
      expect(status).toBe(0);
    },
  );

  it("refuses what Kubernetes would: an unknown field, and a value of another type", async () => {
    const [first] = objects();
    const metadata = { name: "a" };
    for (const wrong of [
      { ...first, color: "red" },
      { apiVersion: "v1", kind: "ConfigMap", metadata, data: { a: 1 } },
      { apiVersion: "v1", kind: "ConfigMap", metadata: { ...metadata, lables: {} } },
    ]) {
      const { status, stdout, stderr } = await validate("wrong", "1.35", [wrong]);
      expect(status, stdout + stderr).not.toBe(0);
    }
  });
});
