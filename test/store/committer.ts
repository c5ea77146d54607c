import { writeSync } from "node:fs";
import { openRedisStore } from "../../src/store/redis/store.ts";
import { openSqliteStore } from "../../src/store/sqlite/store.ts";
import { commit } from "./contract/context.ts";

// A process that opens a note with what it owes, claims that, and closes the note, until it is killed.
// Arguments: "sqlite" or "redis", then the path or URL. Every line it prints is something acknowledged to it.
const [backend, place = ""] = process.argv.slice(2);
const store = backend === "sqlite" ? openSqliteStore({ path: place }) : await openRedisStore({ url: place });

async function one(id: string): Promise<void> {
  const opening = commit({
    expect: { [`note/${id}`]: null },
    put: [{ key: `note/${id}`, value: "open", index: { state: "open" } }],
    notices: [{ queue: "out", id, due: 0, body: id }],
    journal: [{ kind: "opened", note: `note/${id}` }],
  });
  if ((await store.commit(opening)).outcome === "committed") writeSync(1, `open ${id}\n`);
  for (const claimed of await store.claim("out", { leaseMs: 60_000, limit: 1 })) {
    const closing = commit({
      settle: [claimed],
      put: [{ key: `note/${claimed.id}`, value: "done", index: { state: "done" } }],
      journal: [{ kind: "closed", note: `note/${claimed.id}` }],
      relaxed: true,
    });
    if ((await store.commit(closing)).outcome === "committed") writeSync(1, `done ${claimed.id}\n`);
  }
}

const lanes = Array.from({ length: 4 }, async (_, lane) => {
  for (let number = 0; ; number += 1) await one(`${process.pid}-${lane}-${number}`);
});
await Promise.all(lanes);
