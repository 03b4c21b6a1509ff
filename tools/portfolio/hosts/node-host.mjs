// Runs the handler of one function, as Lambda does: a line of JSON for each call on the input, one for each answer on descriptor 3.
import { createWriteStream } from "node:fs";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

process.on("SIGINT", () => {}); // Ctrl-C is for who started this, and ends the input
const answers = createWriteStream("", { fd: 3 });
const { handler } = await import(pathToFileURL(process.argv[2]).href);

createInterface({ input: process.stdin }).on("line", async (line) => {
  const { id, event, timeoutMs } = JSON.parse(line);
  const end = Date.now() + timeoutMs;
  const context = { getRemainingTimeInMillis: () => Math.max(0, end - Date.now()) };
  try {
    const answer = await handler(event, context);
    answers.write(`${JSON.stringify({ id, answer })}\n`);
  } catch (error) {
    console.error(error);
    answers.write(`${JSON.stringify({ id, error: String(error) })}\n`);
  }
});
