import type { SettingTransition } from "../../support/transitions/settings";
import type { Finding } from "../../support/transitions/verdict";
import { KEPT, MADE_ANEW, NO_EFFECT, REFUSED, REMOVED, REPLACED, type Row } from "./known";

/** Something that a change of a setting does beside what it says. */
export interface Consequence {
  kind: Finding["kind"];
  subject: string;
  setting: string;
  /** Resource types, or arguments, that it concerns. */
  what: readonly string[];
  reason: string;
}

const consequences = (kind: Finding["kind"], rows: readonly Row[]): Consequence[] =>
  rows.flatMap(([subject, settings, what, reason]) =>
    settings.split(" ").map((setting) => ({ kind, subject, setting, what: what.split(" ").filter(Boolean), reason })),
  );

/** All that changes of settings do beside what they say. */
export const CONSEQUENCES: readonly Consequence[] = [
  ...consequences("refused", REFUSED),
  ...consequences("replaced", REPLACED),
  ...consequences("deleted", REMOVED),
  ...consequences("kept", KEPT),
  ...consequences("no effect", NO_EFFECT),
];

/** What the table says of a finding; nothing where it is a fault. */
export const consequenceOf = (
  { subject, path }: Pick<SettingTransition, "subject" | "path">,
  { kind, what }: Finding,
): Consequence | "made anew" | undefined =>
  CONSEQUENCES.find(
    (known) =>
      known.kind === kind &&
      known.subject === subject &&
      known.setting === path &&
      (what === "" || known.what.some((one) => what === one || what.startsWith(`${one}.`))),
  ) ?? (kind === "replaced" && MADE_ANEW[what] !== undefined ? "made anew" : undefined);

const TITLES: readonly [Finding["kind"], string, string][] = [
  ["refused", "Refused by the plan", "AWS cannot change these, and what would be lost is not lost unasked."],
  ["replaced", "Replaced", "What is there goes, and another takes its place."],
  ["deleted", "Deleted with what is in it", "Turned off, it is gone."],
  ["kept", "Kept as it was", "Left out, the value stays that was there before."],
  ["no effect", "Nothing in AWS", "Only what Terraform does is another."],
];

/** Text of docs/transitions.md. */
export function upgrading(): string {
  const lines = TITLES.flatMap(([kind, title, meaning]) => {
    const rows = CONSEQUENCES.filter((known) => known.kind === kind);
    if (rows.length === 0) return [];
    const table = rows.map(({ subject, setting, what, reason }) => {
      const things = kind === "refused" || kind === "no effect" ? "" : what.map((one) => `\`${one}\``).join(", ");
      return `| ${subject} | \`${anyName(setting)}\` | ${things} | ${reason} |`;
    });
    return [
      `## ${title}`,
      "",
      meaning,
      "",
      "| construct | setting | resource or argument | why, and what to do |",
      "| --- | --- | --- | --- |",
      ...table,
      "",
    ];
  });
  const anew = Object.entries(MADE_ANEW).map(([type, reason]) => `- \`${type}\`: ${reason}`);
  return `${[...INTRODUCTION, "", ...lines, "## Made anew as a matter of course", "", ...anew].join("\n").trimEnd()}\n`;
}

/** The setting with `*` in place of the names and positions that the tables of changes use. */
const anyName = (setting: string) =>
  setting.replace(/(?<=\.)(extra|people|nodes|data|staff|metrics-server|\d+)(?=\.|$)/g, "*");

const INTRODUCTION = [
  "# What a change of a setting does",
  "",
  "`__tests__/aws/transitions.test.ts` changes every setting from one of its values to the next and lets the real AWS",
  "provider plan that from the state of the first. Most changes are made in place, and the plan says so. These do something",
  "else; the test fails on any other, and on one of these that no longer happens.",
  "",
  "Switching `perSubnet` of a node group on or off replaces `aws_eks_node_group` by groups of other names, in no order: to",
  "keep pods running, add a second pool first.",
];
