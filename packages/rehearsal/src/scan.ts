/** Declaration of an attribute in its generated class. */
export interface Declared {
  name: string;
  computed: boolean;
  optional: boolean;
  required: boolean;
  /** The two lines after the comment: a stored class, or a getter with its type. */
  code: string;
}

/** Conversion of an argument to HCL. */
export interface Mapped {
  /** Chain of mappers: `cdktf.listMapperHcl(cdktf.stringToHclTerraform, false)`. */
  mapper: string;
  type: "simple" | "list" | "set" | "map" | "struct";
}

/** Documentation of an argument in an interface. */
export interface Documented {
  description: string;
  optional: boolean;
}

/** Contents of the generated source of a resource type, data source or provider, by name of class or struct. */
export interface Scanned {
  /** Class of the construct. */
  main: string;
  base: "Resource" | "DataSource" | "Provider";
  /** Interface of its arguments, `<main>Config` unless a struct has that name. */
  config: string;
  interfaces: Record<string, Record<string, Documented>>;
  mappers: Record<string, Record<string, Mapped>>;
  classes: Record<string, Declared[]>;
}

const SECTION = /^export (interface|function|class) (\w+)(?: extends cdktf\.(\w+))?/gm;
const DECLARED = /^ *\/\/ (\S+) - computed: (\w+), optional: (\w+), required: (\w+)\n(.*\n.*)/gm;
const MAPPED = /^ *(\S+): \{\n *value: (.*),\n *isBlock: \w+,\n *type: "(\w+)",/gm;
const DOCUMENTED = /\/\*\*\n((?: *\*.*\n)*?) *\* *Docs at .*#(\S+) .*\n(?: *\*.*\n)* *readonly \w+(\??):/g;
const STRUCT_MAPPER = "ToHclTerraform";

/** Parses generated source by its layout, which is always the same. */
export function scan(source: string): Scanned {
  const scanned: Scanned = { main: "", base: "Resource", config: "", interfaces: {}, mappers: {}, classes: {} };
  const sections = [...source.matchAll(SECTION)];
  sections.forEach((section, index) => {
    const [, kind, name = "", base] = section;
    const body = source.slice(section.index, sections[index + 1]?.index);
    if (kind === "interface") scanned.interfaces[name] = documented(body);
    else if (kind === "class") {
      scanned.classes[name] = declared(body);
      const [, construct] = /^Terraform(Resource|DataSource|Provider)$/.exec(base ?? "") ?? [];
      if (construct) {
        scanned.main = name;
        scanned.base = construct as Scanned["base"];
        scanned.config = /, config: (\w+)/.exec(body)?.[1] ?? "";
        scanned.mappers[name] = mapped(body);
      }
    } else if (name.endsWith(STRUCT_MAPPER)) scanned.mappers[structOf(name)] = mapped(body);
  });
  if (!scanned.main) throw new Error("the source declares no resource, data source or provider");
  return scanned;
}

/** Name of the struct that a mapper converts: `eksClusterVpcConfigToHclTerraform` maps an `EksClusterVpcConfig`. */
export const structOf = (mapper: string): string =>
  (mapper[0] as string).toUpperCase() + mapper.slice(1, -STRUCT_MAPPER.length);

const declared = (body: string): Declared[] =>
  [...body.matchAll(DECLARED)].map(([, name = "", computed, optional, required, code = ""]) => ({
    name,
    computed: computed === "true",
    optional: optional === "true",
    required: required === "true",
    code,
  }));

const mapped = (body: string) =>
  Object.fromEntries(
    [...body.matchAll(MAPPED)].map(([, name, value = "", type]): [string, Mapped] => [
      name as string,
      { mapper: value.replace(/^.* \? \w+ : /, "").replace(/\([^()]*\)$/, ""), type: type as Mapped["type"] },
    ]),
  );

const documented = (body: string) =>
  Object.fromEntries(
    [...body.matchAll(DOCUMENTED)].map(([, text = "", name, mark]): [string, Documented] => [
      name as string,
      { description: text.replace(/^ *\* ?/gm, "").trim(), optional: mark === "?" },
    ]),
  );
