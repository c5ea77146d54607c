import { describe } from "vitest";
import { composeContract } from "../../contracts/compose.contract.ts";
import { realEngine } from "../../fakes/compose-stack.ts";

const engine = realEngine();

// Where there is none these are told as skipped, not as passed.
describe.skipIf(engine === undefined)("a real engine", () => {
  composeContract("Docker Compose", () => {
    if (engine === undefined) throw new Error("there is no engine");
    return engine;
  });
});
