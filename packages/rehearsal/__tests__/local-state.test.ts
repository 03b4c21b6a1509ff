import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  ForeignState,
  makeLocal,
  stateLocation,
  withLocalState,
  withoutProtection,
  withoutProvisioners,
} from "../src/local-state";
import { scratchFolder, stackFolder } from "./support/terraform";

const s3 = { bucket: "states", key: "dev/a.tfstate", region: "us-west-2", encrypt: true };
const reader = (backend: string, config: object) => ({
  terraform: { backend: { s3: { ...s3, key: "dev/b.tfstate" } }, required_version: ">= 1.10" },
  data: { terraform_remote_state: { a: { backend, config, workspace: "$" + "{terraform.workspace}" } } },
});

describe("stateLocation", () => {
  it("is the bucket and key, or the path", () => {
    expect(stateLocation({ terraform: { backend: { s3 } } })).toBe("s3 states/dev/a.tfstate");
    expect(stateLocation({ terraform: { backend: { local: { path: "x/a.tfstate" } } } })).toBe("local x/a.tfstate");
    expect(stateLocation({})).toBe("local terraform.tfstate");
    expect(stateLocation({ terraform: { backend: { local: {} } } })).toBe("local terraform.tfstate");
  });
  it("is a file in the stack's folder, unless the path is absolute", () => {
    const path = (path: string) => stateLocation({ terraform: { backend: { local: { path } } } }, "/out/stacks/a");
    expect(path("../../states/a.tfstate")).toBe("local /out/states/a.tfstate");
    expect(path("/states/a.tfstate")).toBe("local /states/a.tfstate");
  });
  it("of another backend is its whole configuration, in any order", () => {
    const [config, turned] = [
      { organization: "o", workspaces: { name: "w" } },
      { workspaces: { name: "w" }, organization: "o" },
    ];
    expect(stateLocation({ terraform: { cloud: config } })).toBe(
      stateLocation({ terraform: { backend: { remote: turned } } }),
    );
    expect(stateLocation({ terraform: { backend: { gcs: { bucket: "a" } } } })).not.toBe(
      stateLocation({ terraform: { backend: { gcs: { bucket: "b" } } } }),
    );
  });
});

describe("withLocalState", () => {
  it.each([
    ["s3", s3, "s3 states/dev/a.tfstate"],
    ["local", { path: "x/a.tfstate" }, "local x/a.tfstate"],
  ])("replaces state in %s by local state, and reads that of others from files", (backend, config, location) => {
    const asked: string[] = [];
    const local = withLocalState(reader(backend, config), (wanted) => {
      asked.push(wanted);
      return "/scratch/a.tfstate";
    });
    expect(asked).toEqual([location]);
    expect(local).toEqual({
      terraform: { required_version: ">= 1.10" },
      data: { terraform_remote_state: { a: { backend: "local", config: { path: "/scratch/a.tfstate" } } } },
    });
  });
  it("removes Terraform Cloud", () => {
    expect(withLocalState({ terraform: { cloud: { organization: "o" } } }, String)).toEqual({ terraform: {} });
  });
});

it("withoutProtection allows every deletion, and adds nothing to other resources", () => {
  const protections = { deletion_protection: true, skip_final_snapshot: false, force_destroy: false };
  const json = (db: object, vpc: object) => ({ resource: { aws_db_instance: { db }, aws_vpc: { vpc } } });
  const lifecycle = { prevent_destroy: true, ignore_changes: ["tags"] };
  expect(withoutProtection(json({ ...protections, lifecycle }, { cidr_block: "10.0.0.0/16" }))).toEqual(
    json(
      {
        deletion_protection: false,
        skip_final_snapshot: true,
        force_destroy: true,
        lifecycle: { ignore_changes: ["tags"] },
      },
      { cidr_block: "10.0.0.0/16" },
    ),
  );
});

it("withoutProvisioners removes provisioners", () => {
  const json = (more: object) => ({ resource: { terraform_data: { a: { input: 1, ...more } } } });
  expect(withoutProvisioners(json({ provisioner: [{ "local-exec": { command: "reboot" } }] }))).toEqual(json({}));
});

describe("makeLocal", () => {
  const states = scratchFolder();
  const stacks = () => {
    const root = scratchFolder();
    const [a, b] = [stackFolder("a", [], {}, root), stackFolder("b", ["a"], {}, root)];
    a.json = { terraform: { backend: { s3 } }, resource: { aws_vpc: { v: { lifecycle: { prevent_destroy: true } } } } };
    b.json = reader("s3", s3);
    return [a, b];
  };
  const local = (id: string) => ({ path: join(states, `${id}.tfstate`) });

  it("puts all states into one folder", () => {
    const [a, b] = makeLocal(stacks(), states);
    expect(a?.json).toEqual({
      terraform: { backend: { local: local("a") } },
      resource: { aws_vpc: { v: { lifecycle: {} } } },
    });
    expect(b?.json).toEqual({
      terraform: { required_version: ">= 1.10", backend: { local: local("b") } },
      data: { terraform_remote_state: { a: { backend: "local", config: local("a") } } },
    });
  });
  it("writes the returned JSON", () => {
    for (const { folder, json } of makeLocal(stacks(), states)) {
      expect(readFileSync(join(folder, "cdk.tf.json"), "utf8")).toBe(JSON.stringify(json, undefined, 2));
    }
  });
  it("is idempotent", () => {
    const once = makeLocal(stacks(), states);
    expect(makeLocal(once, states)).toEqual(once);
  });
  it("rejects states that belong to no stack of the app", () => {
    const [a, b] = stacks();
    if (!a || !b) throw new Error("two stacks");
    b.json = reader("s3", { ...s3, key: "theirs.tfstate" });
    const read = () => makeLocal([a, b], states);
    expect(read).toThrow(ForeignState);
    expect(read).toThrow(
      /^b\/a: reads the state s3 states\/theirs.tfstate, which belongs to no stack of this app; a rehearsal/,
    );
    b.json.data.terraform_remote_state.a["//"] = { metadata: { path: "b/network/theirs" } };
    expect(read).toThrow(/^b\/network\/theirs: reads/);
  });
});
