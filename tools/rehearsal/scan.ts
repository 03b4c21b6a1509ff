/** What the generated TypeScript says of one attribute, where its class declares it. */
export interface Declared {
  name: string;
  computed: boolean;
  optional: boolean;
  required: boolean;
  /** First line after the comment, and the one after that: a stored class or a getter's type. */
  code: string;
}

/** What the function says that turns an argument into HCL. */
export interface Mapped {
  /** Chain of mappers around the innermost one: `cdktf.listMapperHcl(cdktf.stringToHclTerraform, false)`. */
  mapper: string;
  type: "simple" | "list" | "set" | "map" | "struct";
}

/** Documentation of an argument in an interface. */
export interface Documented {
  description: string;
  optional: boolean;
}

/** Contents of the generated source of one resource type, data source or provider, by name of class or struct. */
export interface Scanned {
  /** The construct itself. */
  main: string;
  base: "Resource" | "DataSource" | "Provider";
  /** Interface of its arguments; not always its name with "Config", which a struct may have taken. */
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

/** Takes the generated source apart; it is always laid out in the same way, since one generator wrote it. */
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

/** Name of the struct that a mapper is about: `eksClusterVpcConfigToHclTerraform` maps an `EksClusterVpcConfig`. */
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
