import { command } from "./command";

/** `npm run policy`: the exit status around the command itself. */
const { env, stdout, stderr } = process;
command(process.argv.slice(2), { project: process.cwd(), env, stdout, stderr }).then((status) => {
  process.exitCode = status;
});
