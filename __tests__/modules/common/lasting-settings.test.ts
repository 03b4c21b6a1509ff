import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { DataResource } from "cdktf";
import { describe, expect, it } from "vitest";
import { joined, lastingSettings } from "../../../modules/common/lasting-settings";
import { refTo, synth } from "../../support/synth";

const build = (allowReplacement = false) =>
  synth((stack) => {
    const other = new SnsTopic(stack, "other");
    const settings = { user: "fossa", key: other.arn, days: 7, none: undefined };
    const lifecycle = lastingSettings(stack, "lasting", { what: "the topic", settings, allowReplacement });
    new SnsTopic(stack, "topic", { lifecycle });
  });
const INPUT = { user: "fossa", key: refTo(SnsTopic, "arn"), days: "7", none: "" };

describe("settings that last", () => {
  it("are stored as they were at the first apply", () => {
    expect(build().one(DataResource)).toEqual({ input: INPUT, lifecycle: { ignore_changes: ["input"] } });
  });
  it("fail the plan when they differ, with the setting, both values and what to do", () => {
    const { byId, parsed } = build();
    const { precondition } = byId(SnsTopic).topic.lifecycle;
    expect(precondition).toHaveLength(4);
    expect(parsed.locals).toEqual({ "lasting-now": INPUT });
    const now = 'local.lasting-now["user"]';
    const first = `try(terraform_data.lasting.output["user"], ${now})`;
    expect(precondition[0]).toEqual({
      condition: `\${${first} == ${now}}`,
      error_message: `user: must stay \${jsonencode(${first})}, as AWS cannot change it on the topic; set it back, or set allowReplacement to true to delete the topic and create a new one, got \${jsonencode(${now})}.`,
    });
  });
  it("replace the resource where that is allowed, and are stored anew", () => {
    const { one, byId } = build(true);
    expect(one(DataResource)).toEqual({ input: INPUT });
    expect(byId(SnsTopic).topic.lifecycle).toEqual({ replace_triggered_by: ["terraform_data.lasting"] });
  });
});

it("joins what several ask of one resource", () => {
  const condition = (name: string) => ({ condition: name, errorMessage: name });
  expect(
    joined({ precondition: [condition("a")] }, { precondition: [condition("b")], replaceTriggeredBy: ["c"] }),
  ).toEqual({ precondition: [condition("a"), condition("b")], replaceTriggeredBy: ["c"] });
});
