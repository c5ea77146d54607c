import fastify from "fastify";
import { expect, it, onTestFinished } from "vitest";
import { eventsPath, registerSlackEvents } from "../../../src/bot/slack/http-events.ts";
import type { Log } from "../../../src/domain/log.ts";

it("what nobody signed fills no log, however often it comes", async () => {
  const warned: unknown[] = [];
  const log: Log = {
    debug: () => undefined,
    info: () => undefined,
    warn: (...said) => void warned.push(said),
    error: () => undefined,
    child: () => log,
  };
  const app = fastify();
  onTestFinished(() => app.close());
  registerSlackEvents(app, { signingSecret: "s", log, take: () => undefined });
  for (let n = 0; n < 20; n += 1)
    expect((await app.inject({ method: "POST", url: eventsPath, payload: { n } })).statusCode).toBe(401);
  expect(warned).toEqual([["requests to Slack's address were not signed by Slack", { count: 1 }]]);
});
