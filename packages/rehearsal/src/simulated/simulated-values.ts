import { isKnown, isRecord, mapValues, type Value } from "../msgpack-cty";
import { type Attribute, type Block, type CtyType, typeOfAttribute } from "../schema";
import { answerable } from "../values/check";
import { arnFormat, typeInArn } from "./arn";
import { numberFor, type Place, textFor } from "./by-name";
import { exactly } from "./exact";
import { type Facts, list, text } from "./facts";
import { idTemplate, prefixedId } from "./ids";
import { Seed } from "./seed";

/** The resource or data source that values are simulated for. */
export interface Subject {
  type: string;
  block: Block;
  facts: Facts;
  /** Unique within the type. */
  seed: string;
  /** Known values of arguments and attributes. */
  values: Record<string, Value>;
}

/** Optional sets to which AWS adds a member when they are not set. */
const FILLED = /^(availability_zones|security_groups|.*security_group_ids|subnets|subnet_ids|version_stages)$/;

/** Simulated values of one resource or data source, for attributes that AWS sets. */
export class SimulatedValues {
  private readonly values = new Map<string, Value>();
  private readonly facts: Facts;
  private readonly seed: Seed;

  constructor(private readonly subject: Subject) {
    const region = text(subject.values.region); // of the resource itself, if it differs from the provider's
    this.facts = region ? { ...subject.facts, region } : subject.facts;
    this.seed = new Seed(subject.seed).at(subject.type);
  }

  /** Value of a top-level attribute: the known one, or a simulated one. */
  get(name: string): Value {
    const own = this.subject.values[name];
    if (own !== undefined && own !== null && isKnown(own)) return own;
    const known = this.values.get(name);
    if (known !== undefined) return known;
    this.values.set(name, this.seed.at(name).hex(8)); // ends the recursion of attributes that refer to each other
    const attribute = this.subject.block.attributes[name];
    const value = attribute ? this.make([name], attribute) : this.plain([name]);
    this.values.set(name, value);
    return value;
  }

  /** Value of an attribute at any depth. */
  make(path: string[], attribute: Attribute, within = ""): Value {
    return this.of(path, typeOfAttribute(attribute), attribute.optional === true, within);
  }

  private of(path: string[], type: CtyType, optional: boolean, within: string): Value {
    const place = this.place(path, within);
    const exact = exactly(place);
    if (exact !== undefined) return exact;
    const answer = <T extends string | number>(value: T) => answerable(place.type, path, value);
    if (type === "string") return answer(path.length === 1 ? this.plain(path) : textFor(place));
    if (type === "number") return answer(numberFor(place));
    if (type === "bool") return false;
    if (type === "dynamic") return null;
    const [kind, inner] = type;
    if (kind === "map") return {};
    if (kind === "tuple") return [];
    if (kind === "object") return mapValues(inner, (own, key) => this.of([...path, key], own, false, within));
    if (optional && !FILLED.test(path.at(-1) as string)) return []; // an argument that is not set
    return [this.of(path, inner, false, within)];
  }

  /** Text of a top-level attribute. */
  private plain(path: string[]): string {
    const [name] = path as [string];
    const { type, values } = this.subject;
    const place = this.place(path, "");
    const prefix = text(values[`${name}_prefix`]);
    if (prefix !== undefined) return `${prefix}${place.seed.digits(17)}${place.seed.hex(9)}`; // as the provider does
    if (name === "id") return this.id(place);
    if (name === "name") return `${type.replace(/^[^_]+_/, "").replace(/_/g, "-")}-${place.seed.hex(8)}`;
    return textFor(place);
  }

  private id(place: Place): string {
    const { type, values } = this.subject;
    const template = idTemplate(type);
    if (template) return this.filled(template, place);
    const { metadata } = values; // of a Kubernetes object
    const [object] = Array.isArray(metadata) ? metadata : [];
    if (isRecord(object))
      return [text(object.namespace), text(object.name)].filter(Boolean).join("/") || place.seed.uuid();
    const noun = type.replace(/^(aws|kubernetes|helm)_/, "");
    const prefixed = type.startsWith("aws_") ? prefixedId(noun.replace(/^default_/, ""), place.seed) : undefined;
    return prefixed ?? `${noun.replace(/_/g, "-")}-${place.seed.hex(17)}`;
  }

  private arn(nameOrType: string, place: Place): string {
    const type = nameOrType.startsWith("aws_") ? nameOrType : typeInArn(nameOrType);
    const own = type === this.subject.type;
    const format = arnFormat(type);
    const arn = own ? this.filled(format, place) : this.foreign(format, type, place);
    return arn.startsWith("arn:") ? arn : `arn:${this.facts.partition}:${arn}`;
  }

  /** Fills in a format with the attributes of this resource. */
  private filled(format: string, place: Place): string {
    return format.replace(/\{(\w+)(?:\|(\w+))?\}/g, (_, name: string, form?: string) => {
      const general = this.general(name, place);
      if (general !== undefined) return general;
      const value = place.text(name);
      if (form === "name") return value.split("/").at(-1) as string;
      if (form === "host") return value.replace(/^https:\/\//, "");
      return form === "lb" ? (value.split(":loadbalancer/")[1] ?? value) : value;
    });
  }

  /** Fills in a format with simulated text, for an ARN of another resource. */
  private foreign(format: string, type: string, place: Place): string {
    const seed = place.seed.at(type);
    return format.replace(/\{(\w+)(?:\|\w+)?\}/g, (_, name: string) => {
      if (name === "path") return "/";
      const noun = type.replace(/^aws_/, "");
      const generated = name === "id" ? prefixedId(noun, seed) : name === "key_id" ? seed.uuid() : undefined;
      return this.general(name, place) ?? generated ?? `${noun.replace(/_/g, "-")}-${seed.hex(8)}`;
    });
  }

  private general(name: string, { seed }: Place): string | undefined {
    if (name === "region") return this.facts.region;
    if (name === "account") return this.facts.account;
    if (name === "uuid") return seed.uuid();
    if (name === "hex") return seed.hex(16);
    return name === "six" ? seed.capitals(6) : undefined;
  }

  private place(path: string[], within: string): Place {
    const place: Place = {
      type: this.subject.type,
      path,
      facts: this.facts,
      seed: this.seed.at(...path, within),
      text: (attribute) => this.text(attribute),
      texts: (argument) => list(this.subject.values[argument]).flatMap((value) => text(value) ?? []),
      arn: (nameOrType) => this.arn(nameOrType, place),
    };
    return place;
  }

  private text(attribute: string): string {
    if (attribute === "path") return text(this.subject.values.path) ?? "/";
    const value = this.get(attribute);
    return typeof value === "string" || typeof value === "number" ? String(value) : "";
  }
}
