import { spawnSync } from "node:child_process";
import { expect, it } from "vitest";
import {
  portForwardCommand,
  runCommand,
  secretValueCommand,
  sessionCommand,
} from "../../../../modules/aws/ec2/session-commands";

const target = { region: "eu-west-1", instanceId: "i-1" };
/** Words that the AWS CLI gets when a shell reads the command. */
const wordsOf = (command: string) =>
  spawnSync("bash", ["-c", `aws() { printf '%s\\n' "$@"; }; ${command}`], { encoding: "utf8" })
    .stdout.trim()
    .split("\n");
const start = ["ssm", "start-session", "--region", "eu-west-1", "--target", "i-1"];

it("opens a shell", () => {
  expect(wordsOf(sessionCommand(target))).toEqual(start);
});
it.each([
  ["the same local port", portForwardCommand(target, 8888), "portNumber=8888,localPortNumber=8888"],
  ["another local port", portForwardCommand(target, 80, 8080), "portNumber=80,localPortNumber=8080"],
])("forwards %s", (_, command, parameters) => {
  const document = ["--document-name", "AWS-StartPortForwardingSession", "--parameters", parameters];
  expect(wordsOf(command)).toEqual([...start, ...document]);
});
it("runs a script, whose double quotes and dollars the local shell leaves alone", () => {
  const words = wordsOf(runCommand(target, 'echo "$HOME"'));
  expect(words.slice(0, -1)).toEqual([...start, "--document-name", "AWS-StartInteractiveCommand", "--parameters"]);
  expect(JSON.parse(words.at(-1) ?? "")).toEqual({ command: ['echo "$HOME"'] });
});
it("prints a secret", () => {
  const secretArn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:page-a1b2c3";
  expect(wordsOf(secretValueCommand("eu-west-1", secretArn))).toEqual(
    ["secretsmanager", "get-secret-value", "--region", "eu-west-1", "--secret-id", secretArn].concat([
      "--query",
      "SecretString",
      "--output",
      "text",
    ]),
  );
});
