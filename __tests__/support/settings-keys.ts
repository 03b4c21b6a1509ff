import { resolve } from "node:path";

/** One key of somebody's settings: the path to it, and what its TSDoc says. */
export interface SettingsKey {
  /** `exadeploy.cluster.runnerPools[].diskKmsKeyArn`; `*` is a name of the user's, `(amazonMq)` the kind of a union. */
  readonly path: string;
  readonly doc: string;
}

/** A class whose third constructor argument is an object of settings, and the keys of those. */
export interface ConstructKeys {
  readonly name: string;
  readonly keys: SettingsKey[];
}

const typescript = () => import("typescript/unstable/sync");
type Api = InstanceType<Awaited<ReturnType<typeof typescript>>["API"]>;
type Checker = NonNullable<ReturnType<ReturnType<Api["updateSnapshot"]>["getProject"]>>["checker"];
type Type = ReturnType<Checker["getDeclaredTypeOfSymbol"]>;

const ROOT = resolve(__dirname, "..", "..");

/**
 * Keys that match `wanted`, read from the types that the schemas are the source of: only types know what lies behind the
 * `checkedBy` of an environment. `environment` are those of a whole environment, `constructs` those of each class in
 * `files`. The API of TypeScript 7 is not stable yet: a newer TypeScript may ask for changes here, and nowhere else.
 */
export async function settingsKeys(wanted: RegExp, files: readonly string[]) {
  const { API, SignatureKind } = await typescript();
  const api = new API({ cwd: ROOT });
  try {
    const config = resolve(ROOT, "tsconfig.json");
    const project = api.updateSnapshot({ openProjects: [config] }).getProject(config);
    if (!project) throw new Error(`TypeScript has no project of ${config}`);
    const { checker, program } = project;
    const exportsOf = (file: string) => {
      const source = program.getSourceFile(resolve(ROOT, file));
      const module = source && checker.getSymbolAtLocation(source);
      return module ? checker.getExportsOfModule(module) : [];
    };
    const settings = exportsOf("stacks/environment.ts").find(({ name }) => name === "EnvironmentSettings");
    if (!settings) throw new Error("stacks/environment.ts exports no EnvironmentSettings");
    const environment = new Walk(checker, wanted).of(checker.getDeclaredTypeOfSymbol(settings));
    const constructs: ConstructKeys[] = files.flatMap((file) =>
      exportsOf(file).flatMap((symbol) => {
        const type = checker.getTypeOfSymbol(symbol);
        const [made] = type ? checker.getSignaturesOfType(type, SignatureKind.Construct) : [];
        if (!made || made.parameters.length < 3) return [];
        const props = checker.getParameterType(made, 2);
        return props ? [{ name: symbol.name, keys: new Walk(checker, wanted).of(props) }] : [];
      }),
    );
    return { environment, constructs };
  } finally {
    api.close();
  }
}

/** Walks through one type, every union, list, record and object of it. */
class Walk {
  private readonly found = new Map<string, SettingsKey>();
  private readonly under: number[] = [];

  constructor(
    private readonly checker: Checker,
    private readonly wanted: RegExp,
  ) {}

  of(type: Type): SettingsKey[] {
    this.walk(type, "");
    return [...this.found.values()];
  }

  private walk(given: Type, path: string): void {
    const type = this.checker.getNonNullableType(given) ?? given;
    if (this.under.includes(type.id)) return; // JSON holds JSON
    this.under.push(type.id);
    this.members(type, path);
    this.under.pop();
  }

  private members(type: Type, path: string): void {
    const { checker } = this;
    if (type.isUnionType()) {
      for (const member of type.getTypes() ?? []) this.walk(member, path);
      return;
    }
    if (checker.isArrayLikeType(type)) {
      for (const { valueType } of checker.getIndexInfosOfType(type)) this.walk(valueType, `${path}[]`);
      return;
    }
    if (!type.isObjectType() && !type.isIntersectionType()) return;
    if (this.isForeign(type)) return;
    const kind = this.kindOf(type);
    const here = kind === undefined ? path : `${path}(${kind})`;
    for (const { valueType } of checker.getIndexInfosOfType(type)) this.walk(valueType, `${here}.*`);
    for (const property of checker.getPropertiesOfType(type)) {
      const own = here === "" ? property.name : `${here}.${property.name}`;
      if (this.wanted.test(property.name)) {
        this.found.set(own, { path: own, doc: checker.getDocumentationCommentOfSymbol(property) });
        continue;
      }
      const inner = checker.getTypeOfSymbol(property);
      if (inner) this.walk(inner, own);
    }
  }

  /** Whether it is a construct, which is handed over whole and holds nobody's settings. */
  private isForeign(type: Type): boolean {
    return this.checker.getPropertyOfType(type, "node") !== undefined;
  }

  /** What a union tells its members apart by, such as `amazonMq` of `kind`. */
  private kindOf(type: Type): string | undefined {
    const property = this.checker.getPropertyOfType(type, "kind");
    const own = property && this.checker.getTypeOfSymbol(property);
    const text = own ? this.checker.typeToString(own) : "";
    return /^"(.*)"$/.exec(text)?.[1];
  }
}

/** Values of an object of settings, by path as {@link SettingsKey} spells them. */
export function valuesByPath(settings: unknown, known: ReadonlySet<string>): Map<string, unknown[]> {
  const found = new Map<string, unknown[]>();
  const visit = (value: unknown, paths: string[]): void => {
    for (const path of paths) {
      if (known.has(path) && value !== undefined) found.set(path, [...(found.get(path) ?? []), value]);
    }
    if (typeof value !== "object" || value === null) return;
    if (Array.isArray(value)) {
      for (const item of value)
        visit(
          item,
          paths.map((path) => `${path}[]`),
        );
      return;
    }
    const { kind } = value as { kind?: unknown };
    const here = typeof kind === "string" ? paths.map((path) => `${path}(${kind})`) : paths;
    for (const [key, item] of Object.entries(value)) {
      visit(
        item,
        here.flatMap((path) => (path === "" ? [key] : [`${path}.${key}`, `${path}.*`])),
      );
    }
  };
  visit(settings, [""]);
  return found;
}
