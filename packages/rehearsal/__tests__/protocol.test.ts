import { describe, expect, it } from "vitest";
import { pathOf, providerService, schemaMessage } from "../src/protocol";

describe("a message", () => {
  it("of a schema has types as JSON and nesting by Terraform's names", () => {
    const message = schemaMessage({
      attributes: {
        tags: { type: ["map", "string"], optional: true },
        set: {
          optional: true,
          nested: { nesting: "list", attributes: { value_wo: { type: "string", required: true, writeOnly: true } } },
        },
      },
      blocks: {
        part: {
          nesting: "set",
          min: 1,
          max: 3,
          block: { attributes: { id: { type: "string", computed: true, sensitive: true } }, blocks: {} },
        },
      },
    });
    expect(message).toMatchObject({
      version: 0,
      block: {
        attributes: [
          { name: "tags", type: Buffer.from('["map","string"]'), optional: true },
          {
            name: "set",
            nested_type: { nesting: "LIST", attributes: [{ name: "value_wo", required: true, write_only: true }] },
          },
        ],
        block_types: [
          {
            type_name: "part",
            nesting: "SET",
            min_items: 1,
            max_items: 3,
            block: { attributes: [{ name: "id", computed: true, sensitive: true }] },
          },
        ],
      },
    });
  });
  it("of a path leads to an argument", () => {
    expect(pathOf(["set", 1, "name"])).toEqual({
      steps: [{ attribute_name: "set" }, { element_key_int: 1 }, { attribute_name: "name" }],
    });
  });
});

it("the service has the calls of protocol version 6", () => {
  const service = providerService();
  expect(service.PlanResourceChange?.path).toBe("/tfplugin6.Provider/PlanResourceChange");
  expect(Object.keys(service)).toEqual(
    expect.arrayContaining(["GetProviderSchema", "OpenEphemeralResource", "StopProvider"]),
  );
});

/** A message of the definition, encoded: the numbers of its fields are what the other side reads it by. */
it.each<[string, "request" | "response", object, string]>([
  [
    "ConfigureProvider",
    "request",
    { terraform_version: "1", config: { msgpack: Buffer.from([0xc0]) } },
    "0a0131" + "12030a01c0",
  ],
  ["PlanResourceChange", "request", { type_name: "a", prior_private: Buffer.from([1]) }, "0a0161" + "2a0101"],
  [
    "PlanResourceChange",
    "response",
    { planned_private: Buffer.from([1]), diagnostics: [{ severity: "ERROR" }] },
    "1a0101" + "22020801",
  ],
  [
    "ApplyResourceChange",
    "response",
    { private: Buffer.from([1]), diagnostics: [{ summary: "s" }] },
    "120101" + "1a03120173",
  ],
  ["ReadDataSource", "response", { state: { msgpack: Buffer.from([0xc0]) } }, "0a030a01c0"],
  ["OpenEphemeralResource", "response", { result: { msgpack: Buffer.from([0xc0]) } }, "1a030a01c0"],
])("%s: the %s is on the wire as the protocol numbers it", (call, side, message, hex) => {
  const definition = providerService()[call];
  const bytes = side === "request" ? definition?.requestSerialize(message) : definition?.responseSerialize(message);
  expect(bytes?.toString("hex")).toBe(hex);
});
