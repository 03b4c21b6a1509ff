import { command } from "./command";

/** `npm run portfolio:local`: the signals and the exit status around the command itself. */
const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stop.abort());
command(process.argv.slice(2), {
  project: process.cwd(),
  env: process.env,
  say: console.log,
  signal: stop.signal,
}).then((status) => {
  process.exit(status); // connections that browsers keep open are not waited for
});
