import { EksPodIdentityAssociation } from "@cdktf/provider-aws/lib/eks-pod-identity-association";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { PrometheusWorkspace } from "@cdktf/provider-aws/lib/prometheus-workspace";
import { SecretV1 } from "@cdktf/provider-kubernetes/lib/secret-v1";
import { TerraformOutput } from "cdktf";
import { expect, it } from "vitest";
import { RemoteWrite, type RemoteWriteSettings } from "../../../modules/kube/remote-write";
import { inCluster } from "../../support/in-cluster";
import { refTo, synth } from "../../support/synth";

const SECRET = "arn:aws:secretsmanager:us-east-1:111122223333:secret:write-AbC123";
const KEY = "arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d";
const ARN = "arn:aws:aps:us-east-1:111122223333:workspace/ws-1";
const ENDPOINT = "https://aps-workspaces.us-east-1.amazonaws.com/workspaces/ws-1/";
const build = (settings: RemoteWriteSettings) => {
  let made: RemoteWrite | undefined;
  const stack = synth(
    inCluster((scope) => {
      made = new RemoteWrite(scope, "write", {
        settings,
        clusterName: "ml",
        namespace: "prometheus",
        serviceAccount: "prometheus",
        dependsOn: [],
      });
      new TerraformOutput(scope, "values", { value: made.values, staticId: true });
    }),
  );
  return { ...stack, made, values: stack.outputs.values.value };
};

it("names the user and the password by a Secret", () => {
  const { one, values, made, parsed } = build({ kind: "basic-auth", url: "https://a.example/push", secretArn: SECRET });
  expect(values).toEqual({
    url: "https://a.example/push",
    basicAuth: {
      username: { name: "prometheus-remote-write", key: "username" },
      password: { name: "prometheus-remote-write", key: "password" },
    },
  });
  const { metadata, data_wo } = one(SecretV1);
  expect(metadata).toEqual({ name: "prometheus-remote-write", namespace: "prometheus" });
  expect(data_wo.username).toMatch(/\["username"\]\}$/);
  expect(data_wo.password).toMatch(/\["password"\]\}$/);
  expect(Object.keys(parsed.resource)).toEqual(["kubernetes_secret_v1"]);
  expect(made?.workspaceArn).toBeUndefined();
  expect(made?.ready).toHaveLength(1);
});
it("makes a workspace that Prometheus' pods alone may write to, and no more", () => {
  const { one, all, values, made } = build({ kind: "amazon", region: "us-east-1", kmsKeyArn: KEY });
  expect(one(PrometheusWorkspace)).toEqual({ alias: "ml", kms_key_arn: KEY });
  expect(values).toEqual({
    url: expect.stringMatching(/^\$\{aws_prometheus_workspace\.[\w-]+\.prometheus_endpoint\}api\/v1\/remote_write$/),
    sigv4: { region: "us-east-1" },
  });
  expect(JSON.parse(one(IamRolePolicy).policy).Statement).toEqual([
    { Effect: "Allow", Action: "aps:RemoteWrite", Resource: refTo(PrometheusWorkspace, "arn") },
  ]);
  expect(one(EksPodIdentityAssociation)).toMatchObject({
    cluster_name: "ml",
    namespace: "prometheus",
    service_account: "prometheus",
  });
  expect(all(SecretV1)).toEqual([]);
  expect(made?.ready).toHaveLength(1);
});
it("writes to a workspace that exists", () => {
  const workspace = { arn: ARN, endpoint: ENDPOINT };
  const { all, one, values, made } = build({ kind: "amazon", region: "us-east-1", workspace });
  expect(all(PrometheusWorkspace)).toEqual([]);
  expect(values.url).toBe(`${ENDPOINT}api/v1/remote_write`);
  expect(JSON.parse(one(IamRolePolicy).policy).Statement[0].Resource).toBe(ARN);
  expect(made?.workspaceArn).toBe(ARN);
});
