import type { Json } from "@cdktf-ml-infra/rehearsal/stacks";

/** A resource or data source of a stack. */
export interface Described {
  type: string;
  name: string;
  /** Path of its construct, the stack's id first. */
  path: string;
  body: Json;
}

/** Every resource of a stack's JSON; data sources too, when asked for. */
export const resourcesOf = (json: Json, kinds: ("resource" | "data")[] = ["resource"]): Described[] =>
  kinds.flatMap((kind) =>
    Object.entries<Json>(json[kind] ?? {}).flatMap(([type, named]) =>
      Object.entries<Json>(named).map(([name, body]) => ({
        type,
        name,
        path: body["//"]?.metadata?.path ?? name,
        body,
      })),
    ),
  );
