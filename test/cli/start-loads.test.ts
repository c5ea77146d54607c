import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { z } from "zod";

/** Loads what a start loads before it reads its files, and says which packages that were, and which parts of Node itself. */
const program = `
import { registerHooks } from "node:module";
const packages = new Set();
registerHooks({
  load(url, context, next) {
    const found = /node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(url);
    if (found) packages.add(found[1]);
    return next(url, context);
  },
});
await import("./src/cli/start.ts");
await import("./demo/start-again.ts");
console.log(JSON.stringify({ packages: [...packages], node: process.moduleLoadList }));
`;

const Loaded = z.object({ packages: z.array(z.string()), node: z.array(z.string()) });

it("what is heavy is not loaded by a start that does not need it: chat platforms, cluster, databases, drawing, fetch", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program]);
  const { packages, node } = Loaded.parse(JSON.parse(stdout));
  expect(packages).toContain("zod");
  const heavy = /^(?:@slack\/|discord\.js|@discordjs\/|@kubernetes\/|pg|ioredis|echarts|@napi-rs\/|@inquirer\/|undici)/;
  expect(packages.filter((name) => heavy.test(name))).toEqual([]);
  expect(node.filter((name) => name.includes("undici"))).toEqual([]);
});
