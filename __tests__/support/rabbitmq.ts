import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Certificate } from "./certificates";
import { ChildProgram } from "./child-program";
import { freePorts, listens } from "./free-ports";
import { unpackRabbitMq } from "./rabbitmq-package";

const USER = "tester";
/** Never to be seen in what a worker says; as it stands in a URL, and with characters that need care there. */
export const BROKER_PASSWORD = "no/body@knows:this%";

const HOST = "127.0.0.1";

/** A RabbitMQ of our own on ports of this machine. */
export class RabbitMq {
  #programs: ChildProgram[] = [];

  private constructor(
    private readonly folder: string,
    private readonly erlang: string,
    private readonly program: string,
    readonly port: number,
    readonly tlsPort: number,
    private readonly namesPort: number,
    private readonly nodePort: number,
  ) {}

  /** Starts a broker whose data lie in `scratch`; with a certificate it listens with TLS too. */
  static async start(scratch: string, certificate?: Certificate): Promise<RabbitMq> {
    const { erlang, programs } = await unpackRabbitMq();
    const folder = mkdtempSync(join(scratch, "rabbitmq-"));
    const [port = 0, tlsPort = 0, namesPort = 0, nodePort = 0] = await freePorts(4);
    const tls = certificate && [
      `listeners.ssl.1 = ${HOST}:${tlsPort}`,
      `ssl_options.certfile = ${certificate.file}`,
      `ssl_options.keyfile = ${certificate.keyFile}`,
    ];
    const lines = [
      `listeners.tcp.1 = ${HOST}:${port}`,
      `default_user = ${USER}`,
      `default_pass = ${BROKER_PASSWORD}`,
      ...(tls ?? []),
    ];
    writeFileSync(join(folder, "rabbitmq.conf"), `${lines.join("\n")}\n`);
    const broker = new RabbitMq(folder, erlang, join(programs, "rabbitmq-server"), port, tlsPort, namesPort, nodePort);
    await broker.resume();
    return broker;
  }

  /** What a worker takes as RABBITMQ_URL. */
  url({ scheme = "amqp", host = HOST, password = BROKER_PASSWORD } = {}): string {
    const port = scheme === "amqps" ? this.tlsPort : this.port;
    return `${scheme}://${USER}:${encodeURIComponent(password)}@${host}:${port}`;
  }

  /** Ends it as a crash does: what is durable stays. */
  async stop(): Promise<void> {
    await Promise.all(this.#programs.map((program) => program.kill()));
    this.#programs = [];
  }

  /** Starts it again where it was. */
  async resume(): Promise<void> {
    const names = this.#run("epmd", join(this.erlang, "bin", "epmd"));
    await names.until("listens", () => listens(this.namesPort));
    const server = this.#run("rabbitmq-server", this.program);
    await server.until("starts", () => server.output.includes("Server startup complete"));
  }

  #run(name: string, program: string): ChildProgram {
    const inFolder = (file: string) => join(this.folder, file);
    const env = {
      PATH: `${join(this.erlang, "bin")}:${process.env.PATH}`,
      HOME: this.folder, // where Erlang keeps the secret of its nodes
      ERL_EPMD_ADDRESS: HOST,
      ERL_EPMD_PORT: `${this.namesPort}`,
      RABBITMQ_NODENAME: "test@localhost",
      RABBITMQ_DIST_PORT: `${this.nodePort}`,
      RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: "-kernel inet_dist_use_interface {127,0,0,1}",
      RABBITMQ_CONFIG_FILE: inFolder("rabbitmq.conf"),
      RABBITMQ_CONF_ENV_FILE: inFolder("none"),
      RABBITMQ_ENABLED_PLUGINS_FILE: inFolder("plugins"),
      RABBITMQ_MNESIA_BASE: inFolder("data"),
      RABBITMQ_LOG_BASE: inFolder("log"),
      RABBITMQ_LOGS: "-",
    };
    mkdirSync(env.RABBITMQ_LOG_BASE, { recursive: true });
    const started = new ChildProgram(name, program, [], { env, cwd: this.folder });
    this.#programs.push(started);
    return started;
  }
}
