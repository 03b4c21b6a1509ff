import { expect, it } from "vitest";
import { realSchemas } from "../src/real-schema";

it("the output of terraform becomes schemas by kind and type", () => {
  const schemas = realSchemas({
    provider: { block: { attributes: { region: { type: "string", optional: true } } } },
    resource_schemas: {
      a_thing: {
        block: {
          attributes: {
            id: { type: "string", optional: true, computed: true },
            secret: { type: "string", required: true, sensitive: true },
            secret_wo: { type: "string", optional: true, write_only: true },
            set: {
              optional: true,
              nested_type: { nesting_mode: "list", attributes: { name: { type: "string", required: true } } },
            },
          },
          block_types: {
            part: { nesting_mode: "set", min_items: 1, max_items: 3, block: {} },
            free: { nesting_mode: "list", block: {} },
          },
        },
      },
    },
    data_source_schemas: { a_datum: { block: {} } },
  });
  expect(schemas).toEqual({
    provider: { provider: { attributes: { region: { type: "string", optional: true } }, blocks: {} } },
    resource: {
      a_thing: {
        attributes: {
          id: { type: "string", optional: true, computed: true },
          secret: { type: "string", required: true, sensitive: true },
          secret_wo: { type: "string", optional: true, writeOnly: true },
          set: {
            optional: true,
            nested: { nesting: "list", attributes: { name: { type: "string", required: true } } },
          },
        },
        blocks: {
          part: { nesting: "set", min: 1, max: 3, block: { attributes: {}, blocks: {} } },
          free: { nesting: "list", block: { attributes: {}, blocks: {} } },
        },
      },
    },
    data: { a_datum: { attributes: {}, blocks: {} } },
    ephemeral: {},
  });
});
