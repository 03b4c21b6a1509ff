import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

/** What a model says that a value must be: one of some words or numbers, or within bounds. */
export interface Limits {
  type: "string" | "number";
  oneOf?: (string | number)[];
  /** Pattern that the whole text matches. */
  pattern?: string;
  /** Least and greatest number, or length of a text. */
  min?: number;
  max?: number;
}

// biome-ignore lint/suspicious/noExplicitAny: a model is read by the names that its own format has
type Json = any;

/**
 * The models of AWS's interfaces as two Python packages carry them: botocore, of which the AWS SDK for Python is made,
 * and cfn-lint, which has CloudFormation's schemas of resource types and its own additions to them. A reference names
 * what one of them describes:
 *
 * - `eks:CreateNodegroup.scalingConfig.minSize`: a parameter of an operation of a service, by botocore;
 * - `cfn:AWS::Logs::LogGroup.RetentionInDays`: a property of a resource type of CloudFormation;
 * - `cfn-lint:aws_rds_dbinstance/engine_version#/allOf/0/...`: a place in one of cfn-lint's own additions.
 */
export class Models {
  private readonly read = new Map<string, Json>();

  /** @param packages folder that the packages are installed in: `site-packages` of some Python */
  constructor(private readonly packages: string) {}

  get versions(): Record<string, string> {
    return { botocore: this.version("botocore/__init__.py"), "cfn-lint": this.version("cfnlint/version.py") };
  }

  /** What the models say of a reference; an error when they do not know it, or say nothing about its values. */
  limits(reference: string): Limits {
    const [, source = "", place = ""] = /^([\w-]+):(.+)$/.exec(reference) ?? [];
    const limits = source.startsWith("cfn") ? this.ofCloudFormation(source, place) : this.ofService(source, place);
    const { type, ...said } = limits;
    if (Object.keys(said).length === 0) throw new Error(`${reference}: the model says nothing about its values`);
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
    const schema = source === "cfn" ? this.property(place) : this.addition(place);
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

  private addition(place: string): Json {
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
    limits.oneOf = oneOf; // bounds besides say nothing more
  else {
    if (pattern !== undefined && !isIdle(pattern)) limits.pattern = pattern;
    if (min !== undefined && (isNumber || min > 0)) limits.min = min;
    if (max !== undefined) limits.max = max;
  }
  return limits;
}

/** Whether a pattern lets every text pass. */
const isIdle = (pattern: string): boolean => /^\^?\.\*\$?$/.test(pattern);
