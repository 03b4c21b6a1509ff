import { join } from "node:path";
import { Instance } from "@cdktf/provider-aws/lib/instance";
import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { GatewayHost, type GatewayHostProps } from "../../../modules/fargate-fossa/gateway-host";
import { gatewayUserData } from "../../../modules/fargate-fossa/gateway-user-data";
import { errorOf } from "../../support/bad-input";
import { ScriptSandbox } from "../../support/script-sandbox";
import { synth } from "../../support/synth";
import { APP, BUILD, build, MAXIMAL, MINIMAL, PAGE, TYPICAL } from "./gateway-host.fixture";

const shell = (expression: string) => `\${${expression}}`;
const REGION = /(?<!\$)\$\{data\.aws_region\.\w+\.id\}/g;
/** What the machine gets: the Terraform string without its escapes. */
const script = (props: GatewayHostProps): string =>
  build(props).one(Instance).user_data.replace(REGION, "eu-west-2").replaceAll("$${", "${").replaceAll("%%{", "%{");
/** Content of a file that a script writes. */
const fileIn = (text: string, path: string) =>
  text.split(`\nput ${path} `)[1]?.split("<<'EOF'\n")[1]?.split("\nEOF\n")[0] ?? "";
const unit = (name: string) => `/etc/systemd/system/${name}`;
const environment = (props: GatewayHostProps) => fileIn(script(props), "/etc/gateway/environment").split("\n");

describe("the script", () => {
  it.each(Object.entries({ "nat-page": TYPICAL, "nat-page-build": { ...TYPICAL, build: BUILD }, page: PAGE }))(
    "is as agreed on for %s",
    async (name, props) => {
      await expect(script(props)).toMatchFileSnapshot(`rendered/user-data-${name}.sh`);
    },
  );
  it("leaves nothing to Terraform but references", () => {
    const { one } = synth((stack) => {
      const passwordSecretArn = new SecretsmanagerSecret(stack, "page").arn;
      new GatewayHost(stack, "gateway", { ...MAXIMAL, app: { ...APP, passwordSecretArn } });
    });
    const { user_data } = one(Instance);
    const expanded = user_data.replace(REGION, "").match(/(?<!\$)\$\{[^}]*\}/g);
    expect(expanded).toEqual([shell("aws_secretsmanager_secret.page.arn")]);
    expect(user_data).toContain(`registry=$${shell("IMAGE_REPOSITORY%%/*")}`);
    expect(user_data).not.toMatch(/(?<!%)%\{/);
  });
  it("fits with every option, also at their longest", () => {
    const blocks = Array.from({ length: 20 }, (_, i) => `192.168.${100 + i}.0/24`);
    const key = `a${"b".repeat(255)}`;
    const longest: GatewayHostProps = {
      ...MAXIMAL,
      privateCidrBlocks: blocks,
      egressPorts: [65_533, 65_534],
      app: { ...APP, key, workerGroup: "w".repeat(255) },
      build: { ...BUILD, prefix: key },
    };
    expect(script(longest).length).toBeLessThan(12_000);
  });
  it("holds no password, no name of an interface and nothing of Ubuntu", () => {
    const text = script(MAXIMAL);
    expect(text).not.toMatch(/supersecret|password=|eth0|ens5|jammy|apt-get|\bdnf -y upgrade/i);
    expect(text.match(/arn:aws:secretsmanager:\S+/g)).toEqual([APP.passwordSecretArn]);
  });
  it("is made for what there is", () => {
    expect(script(MINIMAL)).not.toMatch(/node|docker|gateway-update|environment|units/);
    expect(script(PAGE)).not.toMatch(/nft|\bnat\b|docker|ip_forward/);
    expect(script(TYPICAL)).not.toMatch(/docker|IMAGE_/);
  });
});

describe("the way out", () => {
  it("masquerades exactly the private blocks, for the ports that are open", () => {
    const rules = fileIn(script({ ...TYPICAL, egressPorts: [80, 443, 22] }), "/etc/nat.nft");
    expect(rules.match(/ip saddr .*/g)).toEqual([
      "ip saddr { 192.168.2.0/24 } oifname $interface tcp dport { 80, 443, 22 } accept",
      "ip saddr { 192.168.2.0/24 } oifname $interface masquerade",
    ]);
    expect(fileIn(script(TYPICAL), "/usr/local/sbin/nat")).toContain("net/ipv4/ip_forward=1");
  });
  it("comes first, and is not held up by anything else", () => {
    const text = script({ ...TYPICAL, build: BUILD });
    const [, rest = ""] = text.split("systemd tries it again'\n");
    expect(rest).toMatch(/^put \/etc\/gateway\/environment /);
    expect(rest).toContain("\nunits gateway.service gateway-update.timer\n");
    // outside the files that it puts, the script fetches nothing
    const own = text.replace(/^put .* <<'EOF'\n[\s\S]*?\nEOF$/gm, "");
    expect(own).not.toMatch(/dnf|aws |docker |curl/);
  });
});

describe("the page", () => {
  it("knows where it is, by an environment without secrets", () => {
    expect(environment(PAGE)).toEqual([
      "AWS_REGION=eu-west-2",
      "AWS_DEFAULT_REGION=eu-west-2",
      "APP_BUCKET=fossa-programs",
      "APP_KEY=gateway/gateway.mjs",
      `PASSWORD_SECRET_ARN=${APP.passwordSecretArn}`,
      "HOST=0.0.0.0",
      "PORT=80",
      "TLS=false",
      "POST_ENABLED=false",
      "WORKER_PORT=2345",
    ]);
    expect(environment(MAXIMAL)).toEqual(
      expect.arrayContaining([
        "PORT=8081",
        "TLS=true",
        "POST_ENABLED=true",
        "WORKER_PORT=2346",
        "WORKER_GROUP=service:dev-fossa",
      ]),
    );
  });
  it("listens on 8080 behind a load balancer with TLS", () => {
    expect(environment({ ...PAGE, tls: true })).toEqual(
      expect.arrayContaining(["PORT=8080", "TLS=true", "POST_ENABLED=false"]),
    );
  });
  it("runs as a user of its own that may do next to nothing", () => {
    const lines = fileIn(script({ ...PAGE, tls: true }), unit("gateway.service")).split("\n");
    expect(lines).toEqual(
      expect.arrayContaining([
        "User=gateway",
        "DynamicUser=yes",
        "EnvironmentFile=/etc/gateway/environment",
        "ExecStart=/usr/bin/node-24 /opt/gateway/gateway.mjs",
        "Restart=always",
        "MemoryMax=512M",
        "NoNewPrivileges=yes",
        "ProtectSystem=strict",
        "PrivateTmp=yes",
        "AmbientCapabilities=",
        "CapabilityBoundingSet=",
        "WantedBy=multi-user.target",
      ]),
    );
    expect(lines.join()).not.toContain("CAP_");
  });
  it.each([
    [80, "CAP_NET_BIND_SERVICE"],
    [1023, "CAP_NET_BIND_SERVICE"],
    [1024, ""],
  ])("on port %d has the capabilities %j", (port, capabilities) => {
    const lines = fileIn(script({ ...PAGE, app: { ...APP, port } }), unit("gateway.service")).split("\n");
    for (const key of ["AmbientCapabilities", "CapabilityBoundingSet"])
      expect(lines).toContain(`${key}=${capabilities}`);
  });
  it("is looked after every minute", () => {
    const text = script(PAGE);
    expect(fileIn(text, unit("gateway-update.timer"))).toMatch(/^OnActiveSec=1s\nOnUnitInactiveSec=1min$/m);
    expect(fileIn(text, unit("gateway-update.service"))).toMatch(/^ExecStart=\/bin\/bash \/usr\/local\/sbin\/%N$/m);
  });
});

describe("the building of images", () => {
  const text = script({ ...MINIMAL, build: BUILD });
  it("knows its source and its repository", () => {
    expect(environment({ ...MINIMAL, build: BUILD }).slice(2)).toEqual([
      "IMAGE_BUCKET=fossa-sources",
      "IMAGE_PREFIX=images/worker",
      `IMAGE_REPOSITORY=${BUILD.repositoryUrl}`,
    ]);
  });
  it("keeps Docker's hands off the network", () => {
    expect(JSON.parse(fileIn(text, "/etc/docker/daemon.json"))).toEqual({
      bridge: "none",
      iptables: false,
      ip6tables: false,
      "ip-forward": false,
    });
    expect(text.indexOf("/etc/docker/daemon.json")).toBeLessThan(text.indexOf("\nunits image-build.timer\n"));
  });
  it("builds on the host's network and pushes", () => {
    const program = fileIn(text, "/usr/local/sbin/image-build");
    expect(program).toMatch(/^ {2}docker build .*--network=host /m);
    expect(program).toMatch(/^ {2}docker push "\$IMAGE_REPOSITORY:\$tag"$/m);
  });
});

describe("gateway-update", () => {
  const program = fileIn(script(PAGE), "/usr/local/sbin/gateway-update");
  const OLD = "console.log('old')\n";
  const NEW = "console.log('new')\n";
  let on: ScriptSandbox;
  beforeEach(() => {
    on = new ScriptSandbox("cat", "install", "mktemp", "rm", "mv", "stat");
    // ETag and size as S3 tells them, and what comes
    on.program(
      "aws",
      `[ ! -e ROOT/down ] || exit 255
case $2 in
  head-object) echo "$(<ROOT/s3/etag)	$(<ROOT/s3/size)" ;;
  get-object) [ ! -e ROOT/lost ] || exit 255; /bin/cp ROOT/s3/body "\${@: -1}"; echo '{}' ;;
esac`,
    );
    on.program("systemctl", "[ ! -e ROOT/stuck ] || exit 1; /bin/cp ROOT/opt/gateway/gateway.mjs ROOT/running");
    on.program("dnf", `/bin/cp BIN/.node BIN/node-24`);
    on.program(".node", `exec ${process.execPath} "$@"`);
    on.write("opt/gateway/gateway.mjs", OLD);
    on.write("opt/gateway/etag", '"old"\n');
    on.write("running", OLD);
  });
  afterEach(() => on.remove());
  const inBucket = (etag: string, body: string, size = body.length) => {
    on.write("s3/etag", `"${etag}"`);
    on.write("s3/size", `${size}`);
    on.write("s3/body", body);
  };
  const update = () => on.run(program, { APP_BUCKET: "fossa-programs", APP_KEY: "gateway/gateway.mjs" });
  const expectOld = (message: string) => {
    const { status, stderr } = update();
    expect(status).not.toBe(0);
    expect(stderr).toContain(message);
    expect(on.read("opt/gateway/gateway.mjs")).toBe(OLD);
    expect(on.read("opt/gateway/etag")).toBe('"old"\n');
    expect(on.list("opt/gateway")).toEqual(["etag", "gateway.mjs"]);
    expect(on.calls("systemctl")).toEqual([]);
  };

  it("does nothing while the program is the same", () => {
    inBucket("old", OLD);
    expect(update()).toMatchObject({ status: 0, stdout: "", stderr: "" });
    expect(on.calls("aws")).toEqual([
      "aws s3api head-object --bucket fossa-programs --key gateway/gateway.mjs --query [ETag, ContentLength] --output text",
    ]);
    expect(on.calls("systemctl", "dnf", "mv")).toEqual([]);
  });
  it("swaps in a new one by a rename in its folder, and starts it", () => {
    inBucket("new", NEW);
    expect(update()).toMatchObject({ status: 0, stdout: 'started "new"\n', stderr: "" });
    expect(on.read("running")).toBe(NEW);
    expect(on.list("opt/gateway")).toEqual(["etag", "gateway.mjs"]);
    expect(on.calls("mv")).toEqual([
      expect.stringMatching(/^mv -f \/opt\/gateway\/new\.\w+\/gateway\.mjs \/opt\/gateway\/gateway\.mjs$/),
    ]);
    expect(on.calls("systemctl")).toEqual(["systemctl restart gateway"]);
    on.forget();
    expect(update().status).toBe(0);
    expect(on.calls("systemctl", "mv")).toEqual([]);
  });
  it("fetches the very version that it saw", () => {
    inBucket("new", NEW);
    update();
    expect(on.calls("aws")[1]).toMatch(/^aws s3api get-object .* --if-match "new" /);
  });
  it("brings the first one, and Node with it, once", () => {
    on.run("rm -r /opt/gateway");
    inBucket("new", NEW);
    expect(update().status).toBe(0);
    expect(on.read("running")).toBe(NEW);
    inBucket("newer", OLD);
    expect(update().status).toBe(0);
    expect(on.calls("dnf")).toEqual(["dnf -y install nodejs24"]);
  });
  it.each<[string, () => void, string]>([
    [
      "the bucket is out of reach",
      () => on.write("down", ""),
      "s3://fossa-programs/gateway/gateway.mjs is out of reach",
    ],
    ["the download fails", () => on.write("lost", ""), '"new" could not be fetched'],
    ["it is cut short", () => inBucket("new", NEW.slice(0, 5), NEW.length), '"new" did not come whole'],
    ["it is empty", () => inBucket("new", "", NEW.length), '"new" did not come whole'],
    ["it is no program", () => inBucket("new", "<html>no such bucket</html>"), '"new" is no program'],
    ["Node cannot be had", () => on.program("dnf", "echo 'no network' >&2; exit 1"), "no network"],
  ])("leaves the old one and says so when %s", (_, happens, message) => {
    inBucket("new", NEW);
    happens();
    expectOld(message);
  });
  it("tries again when the new one could not be started", () => {
    inBucket("new", NEW);
    on.write("stuck", "");
    expect(update().status).toBe(1);
    on.run("rm stuck");
    expect(update().status).toBe(0);
    expect(on.read("running")).toBe(NEW);
  });
});

describe("image-build", () => {
  const program = fileIn(script({ ...MINIMAL, build: BUILD }), "/usr/local/sbin/image-build");
  const tag = "3f1c2a90d5e6b7f8";
  let on: ScriptSandbox;
  beforeEach(() => {
    on = new ScriptSandbox("mktemp", "rm", "mkdir", "install");
    on.program(
      "aws",
      `[ ! -e ROOT/down ] || exit 1
case "$1 $2" in
  "ecr batch-get-image") echo "$(<ROOT/images)" ;;
  "ecr get-login-password") echo secret-of-the-registry ;;
  "ecs describe-services") [ ! -e ROOT/no-cluster ] || { echo "$(<ROOT/no-cluster)" >&2; exit 254; }; echo "$(<ROOT/definition)" ;;
  "s3 cp") [ "$4" != - ] || { echo "$(<ROOT/tag)"; exit; }; echo zip >"\${@: -1}" ;;
esac`,
    );
    on.program("unzip", "/bin/mkdir -p $4; echo FROM scratch >$4/Dockerfile");
    on.program(
      "docker",
      "[[ ! -e ROOT/failing || $1 != $(<ROOT/failing) ]] || exit 1; [ $1 != login ] || echo $DOCKER_CONFIG:$(/bin/cat) >ROOT/login",
    );
    on.program("systemctl", "");
    on.program("dnf", "");
    on.write("var/tmp/x", "");
    on.write("tag", tag);
    on.write("images", "0");
  });
  afterEach(() => on.remove());
  const env = { IMAGE_BUCKET: BUILD.bucketName, IMAGE_PREFIX: BUILD.prefix, IMAGE_REPOSITORY: BUILD.repositoryUrl };
  const buildImage = () => on.run(program, env);
  const docker = () => on.calls("docker").map((call) => call.split(" ")[1]);

  it("does nothing while the repository has the image", () => {
    on.write("images", "1");
    expect(buildImage()).toMatchObject({ status: 0, stderr: "" });
    expect(on.calls("docker", "dnf", "systemctl")).toEqual([]);
    expect(on.calls("aws").at(-1)).toContain(`--repository-name dev-fossa/worker --image-ids imageTag=${tag} `);
  });
  it("builds and pushes what is missing", () => {
    expect(buildImage()).toMatchObject({ status: 0, stderr: "" });
    expect(docker()).toEqual(["login", "build", "push", "system"]);
    const [login, build, push] = on.calls("docker");
    expect(login).toBe("docker login --username AWS --password-stdin 123456789012.dkr.ecr.eu-west-2.amazonaws.com");
    expect(build).toMatch(
      new RegExp(
        `^docker build --pull --network=host --tag ${BUILD.repositoryUrl}:${tag} /var/tmp/image\\.\\w+/source$`,
      ),
    );
    expect(push).toBe(`docker push ${BUILD.repositoryUrl}:${tag}`);
    expect(on.calls("aws")).toContainEqual(expect.stringContaining(` s3://fossa-sources/images/worker/${tag}.zip `));
    expect(on.calls("systemctl")).toEqual(["systemctl enable --now docker"]);
  });
  it("brings Docker, once, when it is not there", () => {
    on.run("rm BIN/unzip".replace("BIN", join(on.root, "bin")));
    on.program("dnf", "echo '/bin/mkdir -p $4' >BIN/unzip; /bin/chmod 755 BIN/unzip");
    expect(buildImage().status).toBe(0);
    expect(buildImage().status).toBe(0);
    expect(on.calls("dnf")).toEqual(["dnf -y install docker unzip"]);
  });
  it("leaves neither the source nor the registry's password behind", () => {
    buildImage();
    expect(on.read("login")).toMatch(/^\/var\/tmp\/image\.\w+\/docker:secret-of-the-registry\n$/);
    expect(on.list("var/tmp")).toEqual(["x"]);
    on.write("failing", "build");
    expect(buildImage().status).toBe(1);
    expect(on.list("var/tmp")).toEqual(["x"]);
    expect(docker().slice(4)).toEqual(["login", "build", "system"]);
  });
  describe("for a service", () => {
    const deploys = { clusterName: "dev-fossa", serviceName: "worker", roleNames: ["dev-fossa-*"] };
    const props: GatewayHostProps = { ...MINIMAL, build: { ...BUILD, deploys } };
    const deploying = fileIn(script(props), "/usr/local/sbin/image-build");
    const service = { ...env, CLUSTER_NAME: "dev-fossa", SERVICE_NAME: "worker" };
    const asked = () => on.calls("aws").filter((call) => call.startsWith("aws ecs "));

    it("knows it by its environment only", () => {
      expect(environment(props).slice(-2)).toEqual(["CLUSTER_NAME=dev-fossa", "SERVICE_NAME=worker"]);
      expect(program).not.toMatch(/\baws ecs /);
      expect(deploying.startsWith(program)).toBe(true);
    });
    it("starts it anew from the newest revision once the image is there", () => {
      on.write("definition", "arn:aws:ecs:eu-west-2:123456789012:task-definition/dev-fossa-worker:7");
      expect(on.run(deploying, service)).toMatchObject({ status: 0, stderr: "" });
      expect(asked()).toEqual([
        "aws ecs describe-services --cluster dev-fossa --services worker --query services[?status=='ACTIVE'].taskDefinition --output text",
        "aws ecs update-service --cluster dev-fossa --service worker --task-definition dev-fossa-worker --force-new-deployment",
      ]);
      const order = on.calls("docker", "aws").map((call) => call.split(" ").slice(0, 3).join(" "));
      expect(order.findIndex((call) => call.startsWith("docker push"))).toBeLessThan(
        order.indexOf("aws ecs update-service"),
      );
    });
    it("starts nothing where there is none yet, or the image was there before", () => {
      on.write("definition", "");
      expect(on.run(deploying, service).status).toBe(0);
      on.write(
        "no-cluster",
        "An error occurred (ClusterNotFoundException) when calling the DescribeServices operation",
      );
      expect(on.run(deploying, service).status).toBe(0);
      expect(asked().filter((call) => call.includes("update-service"))).toEqual([]);
      on.forget();
      on.write("images", "1");
      expect(on.run(deploying, service).status).toBe(0);
      expect(asked()).toEqual([]);
    });
    it("tries again, without another build, until the service has been told", () => {
      on.write("definition", "arn:aws:ecs:eu-west-2:123456789012:task-definition/dev-fossa-worker:7");
      on.write("no-cluster", "An error occurred (ThrottlingException)");
      expect(on.run(deploying, service)).toMatchObject({ status: 1, stderr: expect.stringContaining("Throttling") });
      on.write("images", "1");
      on.run("rm ROOT/no-cluster".replace("ROOT", on.root));
      on.forget();
      expect(on.run(deploying, service).status).toBe(0);
      expect(asked().at(-1)).toContain("update-service");
      expect(on.calls("docker")).toEqual([]);
      on.forget();
      expect(on.run(deploying, service).status).toBe(0);
      expect(asked()).toEqual([]);
    });
  });
  it.each([
    ["the bucket is out of reach", "down", "", "s3://fossa-sources/images/worker/tag is out of reach"],
    ["the tag is none", "tag", "a b", "holds no tag"],
    ["the tag is empty", "tag", "", "holds no tag"],
  ])("stops before it builds when %s", (_, file, content, message) => {
    on.write(file, content);
    const { status, stderr } = buildImage();
    expect(status).toBe(1);
    expect(stderr).toContain(message);
    expect(on.calls("docker")).toEqual([]);
  });
});

describe("a script that is too long", () => {
  const make = (name: string) =>
    gatewayUserData("test/gateway: privateCidrBlocks", {
      ...{ name, region: "eu-west-2", tls: false, nat: true, app: false, build: undefined },
      ...{ privateCidrBlocks: ["192.168.2.0/24"], egressPorts: [80, 443] },
    });
  const room = 16_384 - make("").length;
  it("is refused under the host's path, with what to shorten", () => {
    expect(make("n".repeat(room))).toHaveLength(16_384);
    const { name, message } = errorOf(() => make("n".repeat(room + 1)));
    expect(name).toBe("InputError");
    expect(message).toMatch(/^test\/gateway: privateCidrBlocks: must be fewer or shorter, .* got 16385$/);
  });
});
