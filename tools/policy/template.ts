/** A part of an expression of Terraform's: a path such as `aws_vpc.v.id`, a text in quotes, or a call. */
export type Expression =
  | { kind: "path"; path: string }
  | { kind: "text"; text: string }
  | { kind: "call"; name: string; args: Expression[] };

/** What puts a value in the place of a path or a call. */
export interface Values {
  path(path: string): string;
  call(name: string, args: string[]): string;
}

/** A template as CDKTF writes it, that this does not read. */
export class NotRead extends Error {}

/** Fills every `${...}` of a template, those within texts within calls too. */
export function fill(template: string, values: Values): string {
  let filled = "";
  let at = 0;
  for (let start = template.indexOf("${"); start >= 0; start = template.indexOf("${", at)) {
    const reader = new Reader(template, start + 2);
    filled += template.slice(at, start) + worth(reader.expression(), values);
    reader.expect("}");
    at = reader.at;
  }
  return filled + template.slice(at);
}

function worth(expression: Expression, values: Values): string {
  if (expression.kind === "path") return values.path(expression.path);
  if (expression.kind === "text") return fill(expression.text, values);
  return values.call(
    expression.name,
    expression.args.map((arg) => worth(arg, values)),
  );
}

const PATH = /(?:[\w-]+|\.|\[(?:\d+|\*|"[^"]*")\])+/y;

class Reader {
  constructor(
    private readonly source: string,
    public at: number,
  ) {}

  expression(): Expression {
    this.blank();
    if (this.source[this.at] === '"') return { kind: "text", text: this.text() };
    PATH.lastIndex = this.at;
    const [path] = PATH.exec(this.source) ?? [];
    if (!path) this.fail();
    this.at += path.length;
    if (this.source[this.at] !== "(") return { kind: "path", path };
    return { kind: "call", name: path, args: this.args() };
  }

  expect(char: string): void {
    this.blank();
    if (this.source[this.at] !== char) this.fail();
    this.at++;
  }

  private args(): Expression[] {
    const args: Expression[] = [];
    this.expect("(");
    for (this.blank(); this.source[this.at] !== ")"; this.blank()) {
      if (args.length > 0) this.expect(",");
      args.push(this.expression());
    }
    this.at++;
    return args;
  }

  /** A text in quotes, without them; templates in it stay as they are, quotes of theirs included. */
  private text(): string {
    const start = ++this.at;
    for (; this.source[this.at] !== '"'; this.at++) {
      if (this.at >= this.source.length) this.fail();
      if (this.source[this.at] === "\\") this.at++;
      else if (this.source.startsWith("${", this.at)) {
        this.at += 2;
        this.expression();
        this.expect("}");
        this.at--;
      }
    }
    return this.source.slice(start, this.at++).replace(/\\(["\\])/g, "$1");
  }

  private blank(): void {
    while (this.source[this.at] === " ") this.at++;
  }

  private fail(): never {
    const around = this.source.slice(Math.max(0, this.at - 40), this.at + 40);
    throw new NotRead(`an expression that npm run policy does not read, at character ${this.at}: ...${around}...`);
  }
}
