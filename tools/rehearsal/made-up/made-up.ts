import { isKnown, isRecord, mapValues, type Value } from "../msgpack-cty";
import { type Attribute, type Block, type CtyType, typeOfAttribute } from "../schema";
import { answerable } from "../values/check";
import { arnFormat, typeInArn } from "./arn";
import { exactly } from "./exact";
import { type Facts, text } from "./facts";
import { idTemplate, prefixedId } from "./ids";
import { Seed } from "./seed";
import { numberFor, type Place, textFor } from "./values";

/** What is known of the resource or data source that values are made up for. */
export interface Subject {
  type: string;
  block: Block;
  facts: Facts;
  /** Tells this one from any other of its type. */
  seed: string;
  /** Arguments and attributes that have a value. */
  values: Record<string, Value>;
}

/** Sets of which AWS puts one member in by itself, when nobody names any. */
const FILLED = /^(availability_zones|security_groups|.*security_group_ids|subnets|subnet_ids|version_stages)$/;

/** Values that only AWS can know, of the right form, for one resource or data source. */
export class MadeUp {
  private readonly made = new Map<string, Value>();
  private readonly facts: Facts;
  private readonly seed: Seed;

  constructor(private readonly subject: Subject) {
    const region = text(subject.values.region); // of the resource itself, where it does not follow the provider's
    this.facts = region ? { ...subject.facts, region } : subject.facts;
    this.seed = new Seed(subject.seed).at(subject.type);
  }

  /** Value of an attribute of the resource itself: the one that it has, or else one for it. */
  get(name: string): Value {
    const own = this.subject.values[name];
    if (own !== undefined && own !== null && isKnown(own)) return own;
    const held = this.made.get(name);
    if (held !== undefined) return held;
    this.made.set(name, this.seed.at(name).hex(8)); // for an attribute that is made from one that is made from it
    const attribute = this.subject.block.attributes[name];
    const value = attribute ? this.make([name], attribute) : this.plain([name]);
    this.made.set(name, value);
    return value;
  }

  /** Value for an attribute anywhere in the resource. */
  make(path: string[], attribute: Attribute, within = ""): Value {
    return this.of(path, typeOfAttribute(attribute), attribute.optional === true, within);
  }

  private of(path: string[], type: CtyType, optional: boolean, within: string): Value {
    const place = this.place(path, within);
    const exact = exactly(place);
    if (exact !== undefined) return exact;
    const answer = <T extends string | number>(made: T) => answerable(place.type, path, made);
    if (type === "string") return answer(path.length === 1 ? this.plain(path) : textFor(place));
    if (type === "number") return answer(numberFor(place));
    if (type === "bool") return false;
    if (type === "dynamic") return null;
    const [kind, inner] = type;
    if (kind === "map") return {};
    if (kind === "tuple") return [];
    if (kind === "object") return mapValues(inner, (own, key) => this.of([...path, key], own, false, within));
    if (optional && !FILLED.test(path.at(-1) as string)) return []; // an argument that nobody has given
    return [this.of(path, inner, false, within)];
  }

  /** Text of an attribute of the resource itself. */
  private plain(path: string[]): string {
    const [name] = path as [string];
    const { type, values } = this.subject;
    const place = this.place(path, "");
    const prefix = text(values[`${name}_prefix`]);
    if (prefix !== undefined) return `${prefix}${place.seed.digits(17)}${place.seed.hex(9)}`; // as the provider's own
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
    const kin = type.startsWith("aws_") ? prefixedId(noun.replace(/^default_/, ""), place.seed) : undefined;
    return kin ?? `${noun.replace(/_/g, "-")}-${place.seed.hex(17)}`;
  }

  private arn(nameOrType: string, place: Place): string {
    const type = nameOrType.startsWith("aws_") ? nameOrType : typeInArn(nameOrType);
    const own = type === this.subject.type;
    const format = arnFormat(type);
    const arn = own ? this.filled(format, place) : this.strange(format, type, place);
    return arn.startsWith("arn:") ? arn : `arn:${this.facts.partition}:${arn}`;
  }

  /** Fills a format with the attributes of this resource. */
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

  /** Fills a format with words of our own, for a resource that is not this one. */
  private strange(format: string, type: string, place: Place): string {
    const seed = place.seed.at(type);
    return format.replace(/\{(\w+)(?:\|\w+)?\}/g, (_, name: string) => {
      if (name === "path") return "/";
      const noun = type.replace(/^aws_/, "");
      const made = name === "id" ? prefixedId(noun, seed) : name === "key_id" ? seed.uuid() : undefined;
      return this.general(name, place) ?? made ?? `${noun.replace(/_/g, "-")}-${seed.hex(8)}`;
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
