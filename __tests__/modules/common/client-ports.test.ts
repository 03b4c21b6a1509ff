import { expect, it } from "vitest";
import { EXADEPLOY_CLIENT_PORTS } from "../../../modules/common/client-ports";

it("are those of scheduler, module repository, runner and value store", () => {
  expect(EXADEPLOY_CLIENT_PORTS).toEqual([50050, 50051, 50100, 50101]);
});
