import { expect, it } from "vitest";
import { createReads } from "../../src/integrations/reads.ts";
import { openBackend, openBackends } from "./backend.ts";

async function readOf(answer: unknown, path = "") {
  const server = await openBackend((_request, response) => {
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer));
  });
  return createReads(openBackends()).read("alphapulse", { kind: "json", spec: { url: server.url, path } });
}

it("what a plan rests on is read as it stands, with every digit", async () => {
  expect(await readOf({ a: { replicas: 3 } }, "/a")).toMatchObject({ ok: true, value: { replicas: 3 } });
});

it.each([
  ["is not there", { a: 1 }, "/b", "/b is nothing"],
  ["is more than people could agree to", { rows: Array.from({ length: 9_000 }, (_, at) => `row ${at}`) }, "", "64 kB"],
  ["holds a secret", { database: "postgres://app:Tr0ub4dor-3@db/app" }, "", "looks like a secret"],
])("what %s is no ground for a plan", async (_, answer, path, why) => {
  const reading = await readOf(answer, path);
  expect(reading).toMatchObject({ ok: false });
  expect(JSON.stringify(reading)).toContain(why);
  expect(JSON.stringify(reading)).not.toContain("Tr0ub4dor");
});
