import { expect, it } from "vitest";
import type { ArgumentValues } from "../../src/domain/systems/placeholders.ts";
import type { QueryTable } from "../../src/domain/systems/queries.ts";
import { createQueries } from "../../src/integrations/queries.ts";
import { type Handler, hang, openBackend, openBackends, page, text } from "./backend.ts";
import { systemWith } from "./systems.ts";

const columns = { id: "/id", size: { path: "/size", unit: "MiB" } };

async function read(
  handler: Handler,
  keys: { path?: string; columns?: object; rows?: number; timeout?: string } = {},
  given: ArgumentValues = {},
): Promise<QueryTable & { readonly paths: readonly string[] }> {
  const backend = await openBackend(handler);
  const { path = "/items", rows = 3, timeout = "2s" } = keys;
  const named = Object.keys(given).map((name) => [name, { type: "text" as const, title: name }]);
  const system = systemWith({
    backends: { trader: { http: { base: backend.url } } },
    queries: [
      {
        id: "it",
        title: "It",
        rows,
        timeout,
        arguments: Object.fromEntries(named),
        json: {
          url: `${backend.url}/all${named.length === 0 ? "" : "/{of}"}`,
          path,
          columns: { ...columns, ...keys.columns },
        },
      },
    ],
  });
  const [query] = system.queries;
  if (!query) throw new Error("it has no query");
  try {
    const { value } = await createQueries(openBackends()).read(system, query, given);
    return { ...value, paths: backend.calls.map((call) => call.path) };
  } catch (error) {
    throw new Error(String(error).replaceAll(backend.host, "host"), { cause: error });
  }
}

it("a list of objects is a table, with every digit and no more rows than were asked for", async () => {
  const body = '{"items":[{"id":"a","size":12345678901234567890.10},{"id":7},{"id":{"x":[1]},"size":null},{"id":"d"}]}';
  expect(await read(text(body, "application/json"))).toEqual({
    columns: [{ name: "id" }, { name: "size", unit: "MiB" }],
    rows: [
      ["a", { exactly: "12345678901234567890.10" }],
      [7, null],
      ['{"x":[1]}', null],
    ],
    more: true,
    paths: ["/all"],
  });
});

it("an empty list is an empty table, and what is no list is none", async () => {
  expect(await read(text('{"items":[]}', "application/json"))).toMatchObject({ rows: [], more: false });
  const none = ['{"items":{}}', '{"items":null}', "{}", "[]"];
  for (const body of none)
    await expect(read(text(body, "application/json"))).rejects.toThrow(/host: GET \/all: \/items is .*, not a list/);
  await expect(read(text('{"items":[{"id":"a"}]}', "application/json"))).rejects.toThrow(
    "no entry of the list has /size",
  );
  await expect(read(page())).rejects.toThrow(/host: GET \/all/);
  await expect(read(hang, { timeout: "100ms" })).rejects.toThrow(/within 100 ms/);
});

it("what looks like a secret is masked, by its name and by its look", async () => {
  const body = '{"items":[{"id":"Authorization: Bearer abcdef0123456789abcdef","size":1,"pw":"hunter2"}]}';
  const { rows } = await read(text(body, "application/json"), { columns: { password: "/pw" } });
  expect(rows).toEqual([["Authorization: [redacted]", 1, "[redacted]"]]);
});

it("what is given goes into the address encoded, and leads nowhere else", async () => {
  const one = text('{"items":[{"id":"a","size":1}]}', "application/json");
  expect(await read(one, {}, { of: "a/../b?c" })).toMatchObject({ paths: ["/all/a%2F..%2Fb%3Fc"] });
  await expect(read(one, {}, { of: ".." })).rejects.toThrow("leads elsewhere");
});
