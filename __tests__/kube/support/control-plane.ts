import { generateKeyPairSync } from "node:crypto";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type CrdChart, crdFiles } from "../../../tools/control-plane/crds";
import { type KubernetesPrograms, kubernetesPrograms } from "../../../tools/control-plane/kubernetes";
import { kwok } from "../../../tools/control-plane/kwok";
import { ChildProgram } from "../../support/child-program";
import { freePorts } from "../../support/free-ports";
import type { Json } from "../../support/synth";
import { Kubectl } from "./kubectl";

const HOST = "127.0.0.1";
/** Who may do everything: the tests and the controllers. */
const TOKEN = "tests";

/**
 * A real control plane on loopback: etcd, API server, scheduler and controllers as a cluster has them, and kwok, which
 * plays the kubelets of nodes that are objects alone: they stay ready, and their pods run and end.
 */
export class ControlPlane {
  readonly #programs: ChildProgram[] = [];

  private constructor(
    private readonly binaries: KubernetesPrograms,
    private readonly folder: string,
    /** URL of the API server. */
    readonly url: string,
    /** For kubectl, and for controllers: a kubeconfig of an administrator. */
    readonly kubeconfig: string,
    readonly kubectl: Kubectl,
  ) {}

  /** Starts one of a minor version such as 1.35, with its data in `scratch`, and waits until it is ready. */
  static async start(version: string, scratch: string): Promise<ControlPlane> {
    const binaries = await kubernetesPrograms(version);
    const folder = mkdtempSync(join(scratch, `kubernetes-${version}-`));
    const [port = 0, etcd = 0, peers = 0] = await freePorts(3);
    const url = `https://${HOST}:${port}`;
    const certificates = join(folder, "certificates");
    mkdirSync(certificates);
    const kubeconfig = join(folder, "kubeconfig");
    writeFileSync(kubeconfig, JSON.stringify(kubeconfigOf(url, join(certificates, "apiserver.crt"))));
    const kubectl = new Kubectl(binaries.kubectl, kubeconfig, folder);
    const plane = new ControlPlane(binaries, folder, url, kubeconfig, kubectl);
    try {
      await plane.#startServer(port, etcd, peers, certificates);
      await plane.#startControllers();
    } catch (error) {
      await plane.stop();
      throw error;
    }
    return plane;
  }

  /** Installs the CRDs of these charts, of all when absent, and waits until they are known. */
  async addKinds(...charts: CrdChart[]): Promise<void> {
    const files = await crdFiles(charts.length > 0 ? charts : undefined);
    await this.kubectl.do("apply", "--server-side", ...files.flatMap((file) => ["--filename", file]));
    await this.kubectl.do("wait", "--for=condition=Established", "crd", "--all", "--timeout=120s");
  }

  /** Adds nodes, and waits until kwok has made them ready and no taint keeps pods off that is not theirs. */
  async addNodes(nodes: readonly Json[]): Promise<void> {
    await this.kubectl.create(nodes);
    const untainted = async () => {
      const all = await this.kubectl.get("nodes");
      const keys = all.flatMap(({ spec }) => (spec.taints ?? []).map(({ key }: Json) => key));
      return keys.some((key) => key.startsWith("node.kubernetes.io/")) ? undefined : true;
    };
    await this.kubectl.do("wait", "--for=condition=Ready", "nodes", "--all", "--timeout=120s");
    await this.kubectl.until("nodes without taints of the control plane", untainted);
  }

  /** Runs a program beside it, such as a controller, which ends with it. */
  run(name: string, program: string, args: string[], env: Record<string, string> = {}): ChildProgram {
    const own = { PATH: process.env.PATH ?? "", HOME: this.folder, ...env }; // no proxy of the machine's
    const started = new ChildProgram(name, program, args, { cwd: this.folder, env: own });
    this.#programs.push(started);
    return started;
  }

  /** Ends all of it; fails with what a program said that had ended before. */
  async stop(): Promise<void> {
    const dead = this.#programs.filter((program) => !program.lives);
    await Promise.all(this.#programs.map((program) => program.kill()));
    const [first] = dead;
    if (first) throw new Error(`${first.name} has ended:\n${first.output.slice(-4000)}`);
  }

  async #startServer(port: number, etcd: number, peers: number, certificates: string): Promise<void> {
    const clients = `http://${HOST}:${etcd}`;
    this.run("etcd", this.binaries.etcd, [
      `--data-dir=${join(this.folder, "etcd")}`,
      `--listen-client-urls=${clients}`,
      `--advertise-client-urls=${clients}`,
      `--listen-peer-urls=http://${HOST}:${peers}`,
      "--unsafe-no-fsync",
      "--log-level=error",
    ]);
    const tokens = join(this.folder, "tokens.csv");
    writeFileSync(tokens, `${TOKEN},tests,tests,"system:masters"\n`);
    const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    writeFileSync(this.#accountKey, privateKey.export({ type: "pkcs8", format: "pem" }));
    const accountKeys = join(this.folder, "accounts.pub");
    writeFileSync(accountKeys, publicKey.export({ type: "spki", format: "pem" }));
    const server = this.run("kube-apiserver", this.binaries["kube-apiserver"], [
      `--etcd-servers=${clients}`,
      `--bind-address=${HOST}`,
      `--advertise-address=${HOST}`,
      `--secure-port=${port}`,
      `--cert-dir=${certificates}`,
      `--token-auth-file=${tokens}`,
      `--service-account-key-file=${accountKeys}`,
      `--service-account-signing-key-file=${this.#accountKey}`,
      "--service-account-issuer=https://kubernetes.default.svc",
      "--service-cluster-ip-range=10.96.0.0/16",
      "--endpoint-reconciler-type=none",
      "--authorization-mode=Node,RBAC", // these two as EKS has them
      "--enable-admission-plugins=ExtendedResourceToleration",
    ]);
    await server.until("is ready", async () => (await this.kubectl.try("get", "--raw", "/readyz")).status === 0);
  }

  async #startControllers(): Promise<void> {
    const quick = ["--kube-api-qps=500", "--kube-api-burst=1000"]; // many nodes come at once
    const common = [`--kubeconfig=${this.kubeconfig}`, "--leader-elect=false", ...quick];
    this.run("kube-scheduler", this.binaries["kube-scheduler"], [...common, "--secure-port=0"]);
    const manager = this.run("kube-controller-manager", this.binaries["kube-controller-manager"], [
      ...common,
      "--secure-port=0",
      "--use-service-account-credentials",
      `--service-account-private-key-file=${this.#accountKey}`,
      "--concurrent-namespace-syncs=20",
    ]);
    const { program, stages } = await kwok();
    this.run("kwok", program, [
      `--kubeconfig=${this.kubeconfig}`,
      "--manage-all-nodes=true",
      "--node-lease-duration-seconds=40",
      ...stages.flatMap((file) => ["--config", file]),
    ]);
    const account = ["get", "serviceaccount", "default", "--namespace=default"];
    await manager.until("works", async () => (await this.kubectl.try(...account)).status === 0);
  }

  get #accountKey(): string {
    return join(this.folder, "accounts.key");
  }
}

const kubeconfigOf = (server: string, certificate: string) => ({
  apiVersion: "v1",
  kind: "Config",
  "current-context": "tests",
  clusters: [{ name: "tests", cluster: { server, "certificate-authority": certificate } }],
  users: [{ name: "tests", user: { token: TOKEN } }],
  contexts: [{ name: "tests", context: { cluster: "tests", user: "tests" } }],
});
