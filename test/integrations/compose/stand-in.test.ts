import { rmSync } from "node:fs";
import { afterAll } from "vitest";
import { composeContract } from "../../contracts/compose.contract.ts";
import { standIn } from "../../fakes/compose-stack.ts";

const { engine, folder } = standIn();
afterAll(() => rmSync(folder, { recursive: true, force: true }));

composeContract("the stand-in", () => engine);
