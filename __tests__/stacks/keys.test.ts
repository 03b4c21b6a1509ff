import { readdirSync } from "node:fs";
import { relative, resolve } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { missingKeys } from "../support/key-arguments";
import { type ConstructKeys, type SettingsKey, settingsKeys, valuesByPath } from "../support/settings-keys";
import { KEY_FACTS, WITHOUT_KEY } from "./key-facts.fixture";
import { keyedThings, lackingPrincipals, lackingServices, lackingVolumes } from "./key-use.fixture";
import { keyedApp, keyedSettings } from "./keyed-configurations.fixture";

const root = resolve(__dirname, "..", "..");
const modules = readdirSync(resolve(root, "modules"), { recursive: true, withFileTypes: true })
  .filter(({ name }) => name.endsWith(".ts"))
  .map((entry) => relative(root, resolve(entry.parentPath, entry.name)));

let settings: SettingsKey[];
let constructs: ConstructKeys[];
let built: ReturnType<typeof keyedApp>;
/** What is set in the configurations, by the path of the setting. */
let values: Map<string, unknown[]>;

beforeAll(async () => {
  ({ environment: settings, constructs } = await settingsKeys(/kms/i, modules));
  const known = new Set(settings.map(({ path }) => path));
  values = new Map();
  for (const given of Object.values(keyedSettings)) {
    for (const [path, found] of valuesByPath(given, known)) values.set(path, [...(values.get(path) ?? []), ...found]);
  }
  built = keyedApp();
}, 120_000);

describe("a setting that names a key", () => {
  it("is known by its type, wherever it stands", () => {
    expect(settings.length).toBeGreaterThan(25);
    expect(constructs.filter(({ keys }) => keys.length > 0).length).toBeGreaterThan(15);
  });
  it("is set in these configurations, to a key of its own", () => {
    expect(settings.map(({ path }) => path).filter((path) => !values.has(path))).toEqual([]);
    const keys = [...values.values()].flat(2).filter((value) => String(value).includes(":kms:"));
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
  });
  it("has one of few names: kmsKeyArn, logKmsKeyArn, diskKmsKeyArn, and the plural of what is only to be read", () => {
    const names = new Set(settings.map(({ path }) => path.replace(/^.*\./, "")));
    const known = ["diskKmsKeyArn", "kmsKeyAdministrators", "kmsKeyArn", "kmsKeyArns", "kmsKeyId", "logKmsKeyArn"];
    expect([...names].sort()).toEqual([...known, "secretsKmsKeyArns"]);
  });
  it("says who else has to be let use the key, where that is somebody whom no policy of ours reaches", () => {
    const silent = keyedThings(built.app).flatMap(({ fact: { said }, key, made }) => {
      const [path] = [...values].find(([, found]) => found.flat().includes(key)) ?? [];
      const doc = settings.find((setting) => setting.path === path)?.doc ?? "";
      return !said || path === undefined || said.test(doc)
        ? []
        : [`${path} (${made.type}) says nothing of ${said}: ${doc}`];
    });
    expect([...new Set(silent)]).toEqual([]);
  });
});

describe("what can lie under a key", () => {
  it("is here, every construct that takes one", () => {
    const here = new Set(built.constructs);
    const absent = constructs.filter(({ name, keys }) => keys.length > 0 && !here.has(name));
    expect(absent.map(({ name }) => name)).toEqual([]);
  });
  it("lies under one: no resource's argument for it stays open without a reason", () => {
    const open = built.app.resources.flatMap((made) =>
      missingKeys(made).map((argument) => ({
        argument: made.path.includes("/access-logs/")
          ? `${argument} of access-logs`
          : made.path.endsWith("/website/bucket/encryption")
            ? `${argument} of websites`
            : argument,
        made,
      })),
    );
    const unexplained = open.filter(({ argument }) => WITHOUT_KEY[argument] === undefined);
    expect(unexplained.map(({ argument, made }) => `${argument} of ${made.path}`)).toEqual([]);
    const reasons = Object.keys(WITHOUT_KEY).filter((argument) => !open.some((one) => one.argument === argument));
    expect(reasons, "reasons for what is not open").toEqual([]);
  });
  it("is all in the table, and nothing else is", () => {
    const things = keyedThings(built.app);
    const idle = KEY_FACTS.filter((fact) => !things.some((keyed) => keyed.fact === fact));
    expect(idle.map(({ type, argument }) => `${type}.${argument}`)).toEqual([]);
  });
});

describe("a key", () => {
  it("may be used by every role and user of ours that reads or writes what lies under it", () => {
    expect(lackingPrincipals(built.app)).toEqual([]);
  });
  it("of ours lets the services in that use it", () => {
    expect(lackingServices(built.app)).toEqual([]);
  });
  it("may be used by who makes or starts the volumes under it", () => {
    expect(lackingVolumes(built.app)).toEqual([]);
  });
});
