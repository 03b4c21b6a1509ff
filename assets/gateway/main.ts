import { ConfigError, readConfig } from "./config";
import { startGateway } from "./server";

async function main(): Promise<void> {
  const gateway = await startGateway(readConfig(process.env));
  for (const signal of ["SIGTERM", "SIGINT"] as const)
    process.once(signal, async () => {
      await gateway.close();
      process.exit(0); // nobody waits for the calls that are left
    });
}

main().catch((error: Error) => {
  console.error(error instanceof ConfigError ? error.message : `the gateway cannot start: ${error.message}`);
  process.exit(1);
});
