import { createServer } from "node:http";
import { expect, it, onTestFinished } from "vitest";
import { OwnBeat } from "../../src/domain/alerts/own-beat.ts";
import { createBeats } from "../../src/integrations/wire/beats.ts";
import { createHttp } from "../../src/integrations/wire/http.ts";
import { ownBeatSlot } from "../../src/workers/own-beat.ts";

/** An address that waits for a sign of life, and the bot that gives it while it is well. */
async function waiting() {
  const state = { calls: 0, status: 200, isWell: true, raised: new Map<string, string>() };
  const server = createServer((request, response) => {
    if (request.method === "GET" && request.url === "/ping/bot") state.calls += 1;
    response.writeHead(state.status).end("OK");
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const http = createHttp();
  onTestFinished(() => {
    http.close();
    server.close();
  });
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const beat = OwnBeat.parse({ to: `http://127.0.0.1:${port}/ping/bot` });
  const slot = ownBeatSlot({
    beats: createBeats(http),
    beat: () => beat,
    isWell: async () => state.isWell,
    troubles: { raise: ({ id, what }) => void state.raised.set(id, what), clear: (id) => void state.raised.delete(id) },
  });
  return { state, slot };
}

it("calls the address once a minute while it is well, and tells where that is not taken", async () => {
  const { state, slot } = await waiting();
  expect(slot.everyMs()).toBe(60_000);
  await slot.run();
  expect(state.calls).toBe(1);
  state.isWell = false;
  await slot.run();
  expect(state.calls).toBe(1);
  Object.assign(state, { isWell: true, status: 404 });
  await slot.run();
  expect([...state.raised.values()].join()).toContain("404");
  state.status = 200;
  await slot.run();
  expect(state.raised.size).toBe(0);
});
