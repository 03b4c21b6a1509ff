import { fuzz } from "../../support/fuzz";
import { validRunnerPools } from "./group-arbitraries.fixture";
import { invalidRunnerPool } from "./group-breaks.fixture";
import { Runners } from "./node-group.fixture";

const invalid = invalidRunnerPool.map(({ key, props }) => ({ key: `pools[0].${key}`, props: [props] }));

fuzz("test/runners", { valid: validRunnerPools, invalid }, (scope, pools) => new Runners(scope, pools));
