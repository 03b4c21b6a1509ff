import { dev } from "../../environments/dev";
import { prod } from "../../environments/prod";
import { defineEnvironment, type Environment } from "../../stacks/environment";
import { awsConfigurations } from "./configurations.fixture";
import { kubeConfigurations } from "./exadeploy/kube-configurations.fixture";

const ACCOUNT = "123456789012";
const CERTIFICATE = `arn:aws:acm:us-west-2:${ACCOUNT}:certificate/01234567-89ab-cdef-0123-456789abcdef`;
const secret = (name: string) => `arn:aws:secretsmanager:us-west-2:${ACCOUNT}:secret:${name}-Ab12Cd`;

/** Every part that has a policy of its own, and that no other environment of the tests has. */
const staging = defineEnvironment({
  name: "staging",
  region: "us-west-2",
  exadeploy: {
    cluster: {
      administrators: { platform: `arn:aws:iam::${ACCOUNT}:role/platform` },
      kmsKeyAdministrators: [`arn:aws:iam::${ACCOUNT}:role/keys`],
    },
    moduleRepoBackend: { credentials: "static-key" },
    kube: {
      platform: {
        loadBalancerController: { cognito: true, waf: true, shield: true },
        prometheus: { remoteWrite: { kind: "amazon", region: "us-west-2" } },
        externalSecrets: { secretArns: [secret("any")], allowedNamespaces: ["jobs"] },
      },
    },
  },
  mlEc2: {
    machines: {
      s3Encryption: "aws:kms",
      replication: { region: "eu-west-1" },
      audit: {},
      logArchive: {},
      sharedFiles: {},
      alarms: true,
      schedule: { stop: "0 20 * * MON-FRI", start: "0 8 * * MON-FRI" },
      snapshots: {},
      patching: {},
      ciRole: { subjects: ["repo:org/name:ref:refs/heads/main"], access: "read-write" },
      loadBalancer: { certificateArn: CERTIFICATE, allowedCidrs: ["192.168.0.0/16"] },
    },
  },
});

/** Environments that hold every policy that the project writes. */
export const POLICY_ENVIRONMENTS: readonly Environment[] = [
  dev,
  prod,
  staging,
  ...awsConfigurations,
  ...Object.values(kubeConfigurations),
];
