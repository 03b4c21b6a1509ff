import { constants } from "node:os";
import { command } from "./command";

/** `npm run rehearse`: runs the command, with signals and exit status. */
const stop = new AbortController();
let stoppedBy: NodeJS.Signals | undefined;
for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(name, () => {
    stoppedBy ??= name;
    stop.abort();
  });
}

const { env, execArgv, stdout, stderr } = process;
command(process.argv.slice(2), { project: process.cwd(), env, execArgv, stdout, stderr, signal: stop.signal })
  .catch((error) => {
    if (!stoppedBy) console.error(error);
    return 1;
  })
  .then((status) => {
    process.exitCode = stoppedBy ? 128 + constants.signals[stoppedBy] : status;
  });
