import { TerraformResource, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { factsOf } from "../modules/aws/ec2/instance-types";
import { typeOfferings } from "../modules/aws/ec2/offerings";
import { classOfferings } from "../modules/aws/rds/instance-classes";
import { type Fault, pathText } from "../modules/common/settings/faults";
import type { Offerings } from "../modules/common/settings/offerings";
import { nearest } from "../modules/common/settings/props";
import { ec2Prices } from "../modules/cost/ec2-prices";
import type { BaseSettings } from "./base-settings";

/** Key of a setting that holds instance types or classes, such as `natInstanceType` or `dbInstanceClass`. */
const KEY = /instance(types?|class)$/i;
const WAY_OUT = "or, if AWS offers it there by now, add it to offeredTypes";

/**
 * Instance types and database classes of an environment that its region does not offer, by the path in its settings: other
 * regions offer them, and the record of this one has them neither among its types nor among its prices.
 */
export function typesNotOffered(environment: BaseSettings): string[] {
  return writtenTypes(environment, []).flatMap(({ path, type }) => {
    const types = missing(environment, type);
    if (!types) return [];
    const near = nearest(
      type,
      [...types].filter((other) => isLike(type, other)),
    );
    const meant = near ? `, such as ${near}` : "";
    return [
      `${environment.name}: ${pathText(path)}: must be a type that ${environment.region} offers${meant}, got ${type}; choose another, ${WAY_OUT}`,
    ];
  });
}

/** The same of types that nobody wrote: defaults of the constructs in the stacks of `environment`. */
export function defaultsNotOffered(scope: Construct, environment: BaseSettings): string[] {
  const written = new Set(writtenTypes(environment, []).map(({ type }) => type));
  const stacks = scope.node.children.filter(TerraformStack.isStack);
  const own = stacks.filter((stack) => "environment" in stack && stack.environment === environment);
  return own.flatMap((stack) => {
    const used = new Set(stack.node.findAll().filter(TerraformResource.isTerraformResource).flatMap(typesOf));
    return [...used]
      .filter((type) => !written.has(type) && missing(environment, type))
      .map(
        (type) =>
          `${environment.name}: region: must offer ${type}, which ${stack.node.id} has where you set no type, got ${environment.region}; set another type there, ${WAY_OUT}`,
      );
  });
}

/** Types of the region's record, if it is known to lack one that other regions have. */
function missing({ region, offeredTypes }: BaseSettings, type: string): ReadonlySet<string> | undefined {
  if (offeredTypes.includes(type)) return undefined;
  const offerings: Offerings = type.startsWith("db.") ? classOfferings : typeOfferings;
  const types = offerings.in(region);
  if (!types || types.has(type) || !offerings.knows(type)) return undefined;
  return ec2Prices(region)?.[type] === undefined ? types : undefined;
}

/** Whether a type has the size and the hardware of another. */
function isLike(type: string, other: string): boolean {
  if (sizeOf(type) !== sizeOf(other)) return false;
  const [one, two] = [factsOf(type), factsOf(other)];
  return one.architecture === two.architecture && one.gpus === two.gpus && one.neuronDevices === two.neuronDevices;
}

const sizeOf = (type: string): string => type.slice(type.lastIndexOf("."));

interface Written {
  readonly path: Fault["path"];
  readonly type: string;
}

function writtenTypes(settings: unknown, path: Fault["path"]): Written[] {
  if (typeof settings !== "object" || settings === null) return [];
  const entries = Array.isArray(settings) ? [...settings.entries()] : Object.entries(settings);
  return entries.flatMap(([key, value]) => {
    const at = [...path, key];
    if (!KEY.test(String(key))) return writtenTypes(value, at);
    if (typeof value === "string") return [{ path: at, type: value }];
    const list: unknown[] = Array.isArray(value) ? value : [];
    return list.flatMap((type, index) => (typeof type === "string" ? [{ path: [...at, index], type }] : []));
  });
}

/** What a resource runs on, by the arguments of launch templates, machines, node groups and databases. */
function typesOf(resource: TerraformResource): string[] {
  const { instanceTypeInput, instanceTypesInput, instanceClassInput } = resource as {
    instanceTypeInput?: unknown;
    instanceTypesInput?: unknown;
    instanceClassInput?: unknown;
  };
  return [instanceTypeInput, instanceTypesInput, instanceClassInput].flat().filter((type) => typeof type === "string");
}
