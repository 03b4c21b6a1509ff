import { command } from "./command";

/** `npm run pins`: the exit status around the command itself. */
const { env, stdout, stderr } = process;
command(process.argv.slice(2), { project: process.cwd(), env, stdout, stderr, now: new Date() }).then((status) => {
  process.exitCode = status;
});
