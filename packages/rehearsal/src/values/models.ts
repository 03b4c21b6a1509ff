import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

/** What a value must be by a model: one of a list, or within bounds. */
export interface Limits {
  type: "string" | "number";
  oneOf?: (string | number)[];
  /** Pattern of the whole text. */
  pattern?: string;
  /** Bounds of a number, or of the length of a text. */
  min?: number;
  max?: number;
}

// biome-ignore lint/suspicious/noExplicitAny: a model is read by the names that its own format has
type Json = any;

/**
 * AWS's API models as two Python packages carry them: botocore, the base of the AWS SDK for Python, and cfn-lint, with
 * CloudFormation's resource schemas and its own extensions of them. Forms of a reference:
 *
 * - `eks:CreateNodegroup.scalingConfig.minSize`: a parameter of an operation, in botocore;
 * - `cfn:AWS::Logs::LogGroup.RetentionInDays`: a property of a CloudFormation resource type;
 * - `cfn-lint:aws_rds_dbinstance/engine_version#/allOf/0/...`: a node of one of cfn-lint's extensions.
 */
export class Models {
  private readonly read = new Map<string, Json>();

  /** @param packages `site-packages` folder of the Python that has both packages */
  constructor(private readonly packages: string) {}

  get versions(): Record<string, string> {
    return { botocore: this.version("botocore/__init__.py"), "cfn-lint": this.version("cfnlint/version.py") };
  }

  /** Limits of a reference; throws when the models lack it or do not limit its values. */
  limits(reference: string): Limits {
    const [, source = "", place = ""] = /^([\w-]+):(.+)$/.exec(reference) ?? [];
    const limits = source.startsWith("cfn") ? this.ofCloudFormation(source, place) : this.ofService(source, place);
    const { type, ...bounds } = limits;
    if (Object.keys(bounds).length === 0) throw new Error(`${reference}: the model does not limit its values`);
    return limits;
  }

  private ofService(service: string, place: string): Limits {
    const model = this.service(service);
    const [operation = "", ...names] = place.split(".");
    const shapeOf = (name: string): Json => {
      const shape = model.shapes[name];
      return shape.type === "list" ? shapeOf(shape.member.shape) : shape;
    };
    const input = model.operations[operation]?.input.shape ?? unknown(`${service}:${operation}`);
    const shape = names.reduce(
      (outer, name) => shapeOf(outer.members?.[name]?.shape ?? unknown(`${service}:${place}`)),
      shapeOf(input),
    );
    return limitsOf(shape.type, shape.enum, shape.pattern, shape.min, shape.max);
  }

  private ofCloudFormation(source: string, place: string): Limits {
    const schema = source === "cfn" ? this.property(place) : this.extension(place);
    const { type, minimum, maximum, minLength, maxLength, pattern } = schema;
    return limitsOf(type, schema.enum, pattern, minimum ?? minLength, maximum ?? maxLength);
  }

  private property(place: string): Json {
    const [resource = "", ...names] = place.split(".");
    const file = this.json("cfnlint/data/schemas/providers/us-east-1.json")[resource] ?? unknown(resource);
    const schema = this.json(`cfnlint/data/schemas/resources/${file}.json`);
    const resolve = (property: Json): Json => {
      if (property?.$ref) return resolve(pointed(schema, property.$ref));
      return property?.items ? resolve(property.items) : property;
    };
    return names.reduce((outer, name) => resolve(outer.properties?.[name] ?? unknown(place)), schema);
  }

  private extension(place: string): Json {
    const [file = "", pointer = ""] = place.split("#");
    return pointed(this.json(`cfnlint/data/schemas/extensions/${file}.json`), `#${pointer}`) ?? unknown(place);
  }

  private service(name: string): Json {
    const folder = join(this.packages, "botocore", "data", name);
    const [latest] = existsSync(folder) ? readdirSync(folder).sort().reverse() : [];
    return latest ? this.json(`botocore/data/${name}/${latest}/service-2.json.gz`) : unknown(name);
  }

  private json(path: string): Json {
    if (!this.read.has(path)) {
      const bytes = readFileSync(join(this.packages, path));
      this.read.set(path, JSON.parse((path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8")));
    }
    return this.read.get(path);
  }

  private version(file: string): string {
    const text = readFileSync(join(this.packages, file), "utf8");
    return /^__version__ = ['"](.+)['"]/m.exec(text)?.[1] ?? unknown(file);
  }
}

function unknown(place: string): never {
  throw new Error(`${place}: is not in the models`);
}

const pointed = (schema: Json, pointer: string): Json =>
  pointer
    .split("/")
    .slice(1)
    .reduce((outer, name) => outer?.[name], schema);

const NUMBERS = ["integer", "long", "double", "float", "number"];

function limitsOf(
  type: string | undefined,
  oneOf: (string | number)[] | undefined,
  pattern: string | undefined,
  min: number | undefined,
  max: number | undefined,
): Limits {
  const isNumber = type ? NUMBERS.includes(type) : typeof (oneOf?.[0] ?? min ?? max) === "number";
  const limits: Limits = { type: isNumber ? "number" : "string" };
  if (oneOf)
    limits.oneOf = oneOf; // further bounds add nothing
  else {
    if (pattern !== undefined && !matchesAll(pattern)) limits.pattern = pattern;
    if (min !== undefined && (isNumber || min > 0)) limits.min = min;
    if (max !== undefined) limits.max = max;
  }
  return limits;
}

/** Whether a pattern matches every text. */
const matchesAll = (pattern: string): boolean => /^\^?\.\*\$?$/.test(pattern);
