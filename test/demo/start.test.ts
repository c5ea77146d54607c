import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startDemo } from "../../demo/start.ts";
import { at, getJson, standDemo, startedAt, temporaryFolder } from "./rig.ts";

async function figures(seed: number): Promise<unknown[]> {
  const { demo } = await standDemo({ seed });
  await demo.advance(600);
  const log = await readFile(join(demo.pulseguard.logs, "pulseguard.log"), "utf8");
  const trades = await readFile(join(demo.alphapulse.home, "logs", "trades.csv"), "utf8");
  const metrics = await fetch(`${demo.env["PULSEGUARD_2"]}/metrics`);
  const portfolio = at(await getJson(`${demo.env["ALPHAPULSE_URL"]}/metrics`), "/portfolio");
  return [log, trades, await metrics.text(), portfolio];
}

test("the same seed and the same clock give the same figures and files; another seed gives others", async () => {
  const [first, again, other] = await Promise.all([figures(3), figures(3), figures(4)]);
  expect(again).toEqual(first);
  other.forEach((part, index) => expect(part).not.toEqual(first[index]));
});

test("after stop nothing listens, and no switch opens it again", async () => {
  const { demo } = await standDemo();
  const { trading } = demo.alphapulse;
  await trading.fail({ kind: "down" });
  await demo.stop();
  await trading.heal();
  const services = [trading, demo.alphapulse.monitor, ...demo.pulseguard.nodes.map((node) => node.service)];
  const all = [...services, ...Object.values(demo.logos.services)];
  expect(all.filter((service) => service.isListening)).toEqual([]);
});

test("it takes the ports it is told", async () => {
  const { demo } = await standDemo();
  const ports = demo.pulseguard.nodes.map((node) => node.service.port);
  await demo.stop();
  const [first = 0, second = 0, third = 0] = ports;
  const { demo: again } = await standDemo({ ports: { pulseguard: [first, second, third] } });
  expect(again.pulseguard.nodes.map((node) => node.service.port)).toEqual(ports);
});

test("a port that is taken fails the start and leaves nothing open", async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void taken.close());
  const address = taken.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;
  const free = await freePorts();
  const folder = await temporaryFolder();
  const options = { folder, now: () => startedAt, isTicking: false };
  await expect(startDemo({ ...options, ports: { pulseguard: free, monitor: port } })).rejects.toThrow("EADDRINUSE");
  const demo = await startDemo({ ...options, ports: { pulseguard: free } });
  onTestFinished(() => demo.stop());
  expect(demo.pulseguard.nodes.map((node) => node.service.port)).toEqual(free);
});

async function freePorts(): Promise<[number, number, number]> {
  const { demo } = await standDemo();
  const [first, second, third] = demo.pulseguard.nodes;
  await demo.stop();
  return [first.service.port, second.service.port, third.service.port];
}
