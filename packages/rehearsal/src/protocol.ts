import { join } from "node:path";
import {
  type GrpcObject,
  loadPackageDefinition,
  type ServiceClientConstructor,
  type ServiceDefinition,
} from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import type { Attribute, Block, Nesting } from "./schema";

/**
 * Version of the plugin protocol. All providers are served by version 6, a superset of version 5 with nested attributes,
 * which the Helm provider has.
 */
export const PROTOCOL_VERSION = 6;

/** Definition of the service that Terraform calls. */
export function providerService(): ServiceDefinition {
  const definition = loadSync(join(__dirname, "..", "proto", "tfplugin6.proto"), {
    keepCase: true,
    longs: Number,
    enums: String,
  });
  const { Provider } = loadPackageDefinition(definition).tfplugin6 as GrpcObject;
  return (Provider as ServiceClientConstructor).service;
}

export interface DynamicValue {
  msgpack: Uint8Array;
}

export interface Diagnostic {
  severity: "ERROR" | "WARNING";
  summary: string;
  detail: string;
  attribute?: { steps: Step[] };
}

type Step = { attribute_name: string } | { element_key_string: string } | { element_key_int: number };

/** Path of an argument: names, list indexes and map keys. */
export const pathOf = (path: (string | number)[]): { steps: Step[] } => ({
  steps: path.map((step) => (typeof step === "number" ? { element_key_int: step } : { attribute_name: step })),
});

/** A schema as a message of the protocol. */
export const schemaMessage = (block: Block) => ({ version: 0, block: blockMessage(block) });

const blockMessage = ({ attributes, blocks }: Block): object => ({
  attributes: attributeMessages(attributes),
  block_types: Object.entries(blocks).map(([name, { nesting, block, min = 0, max = 0 }]) => ({
    type_name: name,
    block: blockMessage(block),
    nesting: NESTINGS[nesting],
    min_items: min,
    max_items: max,
  })),
});

const attributeMessages = (attributes: Record<string, Attribute>): object[] =>
  Object.entries(attributes).map(([name, { type, nested, required, optional, computed, sensitive, writeOnly }]) => ({
    name,
    ...(nested
      ? { nested_type: { nesting: NESTINGS[nested.nesting], attributes: attributeMessages(nested.attributes) } }
      : { type: Buffer.from(JSON.stringify(type)) }),
    required,
    optional,
    computed,
    sensitive,
    write_only: writeOnly,
  }));

const NESTINGS: Record<Nesting, string> = { single: "SINGLE", list: "LIST", set: "SET", map: "MAP" };
