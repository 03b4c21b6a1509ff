import { command } from "./command";

/** `npm run portfolio:local`: the signals and the exit status around the command itself. */
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true"; // it is for those who write with the SDK
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
