import { expect, it } from "vitest";
import { z } from "zod";
import { checkServer, serverShape } from "../../../modules/prefect/server-settings";

const schema = z.strictObject(serverShape).superRefine(checkServer);

it("a server is small, asks who one is, and keeps its flows in a small database by default", () => {
  expect(schema.parse({})).toMatchObject({
    image: "docker.io/prefecthq/prefect:3.9.1-python3.12",
    cpu: 512,
    memory: 1024,
    authentication: true,
    authVersion: 1,
    database: { dbName: "prefect", dbUsername: "prefect", dbInstanceClass: "db.t4g.micro", dbMultiAz: false },
  });
});
it.each(["PREFECT_SERVER_API_AUTH_STRING", "PREFECT_UI_API_URL", "DATABASE_CERTIFICATES", "AWS_DEFAULT_REGION"])(
  "%s is not the user's",
  (name) => {
    expect(schema.safeParse({ environment: { [name]: "x" } }).success).toBe(false);
  },
);
it.each(["PREFECT_LOGGING_LEVEL", "EXTRA_PIP_PACKAGES"])("%s is", (name) => {
  expect(schema.safeParse({ environment: { [name]: "x" } }).success).toBe(true);
});
