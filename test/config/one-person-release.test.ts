import { expect, it } from "vitest";
import { fillText } from "../../src/domain/systems/placeholders.ts";
import { operationOf, takes } from "./shipped.ts";

interface Unit {
  readonly number: number;
  readonly running: boolean;
  readonly model: string;
}

function instances(...units: readonly (readonly [model: string, running: boolean])[]) {
  const listed: Unit[] = units.map(([model, running], index) => ({ number: index + 1, running, model }));
  return { running: listed.filter((each) => each.running).length, instances: listed };
}

it.each([
  { named: "v1", now: instances(["v1", true], ["v1", true], ["v1", false]), n: 3, takes: "one" },
  { named: "v2", now: instances(["v1", true], ["v1", true], ["v1", false]), n: 3, takes: "refused" },
  { named: "v2", now: instances(["v2", true], ["v1", true], ["v1", false]), n: 3, takes: "refused" },
  { named: "v2", now: instances(["v2", true], ["v2", true], ["v1", false]), n: 3, takes: "one" },
  { named: "v2", now: instances(["v2", true], ["v1", true], ["v1", true]), n: 2, takes: "one" },
  // Nothing runs: what ran last counts.
  { named: "v1", now: instances(["v1", false], ["v1", false], ["v1", false]), n: 3, takes: "one" },
  { named: "v2", now: instances(["v1", false], ["v1", false], ["v1", false]), n: 1, takes: "refused" },
])(
  "PulseGuard to $n instances of $now.running where .env names $named: $takes (case %#)",
  ({ takes: expected, ...values }) => {
    expect(takes(operationOf("pulseguard", "scale"), values)).toBe(expected);
  },
);

it("a model of PulseGuard that stopped half-way is taken back to the one that runs, with an instance down", () => {
  const update = operationOf("pulseguard", "model-update");
  const stopped = { was: "v2", now: instances(["v1", false], ["v1", true], ["v1", true]) };
  expect(takes(update, { ...stopped, version: "v1" })).toBe("two");
  expect(takes(update, { ...stopped, version: "v2" })).toBe("refused");
  const settled = { was: "v2", now: instances(["v1", true], ["v1", true], ["v1", true]) };
  expect(fillText(update.inverse?.arguments["version"] ?? "", { ...settled, version: "v3" })).toBe("v1");
  expect(fillText(update.inverse?.arguments["version"] ?? "", { ...settled, version: "v1" })).toBe("v2");
});

const [one, other] = ["1", "2"].map((digit) => `sha256:${digit.repeat(64)}`);

it.each([
  { runs: { "alphapulse-trading": { id: one, mixed: false } }, starts: { id: one }, takes: "one" },
  { runs: { "alphapulse-trading": { id: one, mixed: false } }, starts: { id: other }, takes: "two" },
  // It is not here and would be fetched.
  { runs: { "alphapulse-trading": { id: one, mixed: false } }, starts: { id: "" }, takes: "two" },
  { runs: { "alphapulse-trading": { id: "", mixed: false } }, starts: { id: "" }, takes: "two" },
  { runs: { "alphapulse-trading": { id: one, mixed: true } }, starts: { id: one }, takes: "two" },
  { runs: {}, starts: { id: one }, takes: "two" },
])(
  "AlphaPulse on paper, made anew of the image that stands behind its name (case %#): $takes",
  ({ takes: expected, ...read }) => {
    const trader = { file: "live", process: "live", exchange: "live", stopped: false };
    const flat = { ...trader, open_positions: 0, orders: 0, positions_being_closed: false };
    expect(takes(operationOf("alphapulse", "set-mode"), { mode: "paper", ...flat, ...read })).toBe(expected);
  },
);

const gui = { runs: { image: "gui:2", id: one, mixed: false }, pinned: `gui@${one}` };

it.each([
  { runs: { gui: gui.runs }, named: { gui: "gui:2" }, starts: { image: "gui:2", id: one }, takes: "one" },
  { runs: { gui: gui.runs }, named: { gui: "gui:2" }, starts: { image: "gui:2", id: other }, takes: "refused" },
  { runs: { gui: gui.runs }, named: { gui: "gui:2" }, starts: { image: "gui:2", id: "" }, takes: "refused" },
  { runs: { gui: gui.runs }, named: { gui: gui.pinned }, starts: { image: gui.pinned, id: one }, takes: "refused" },
  // It has no container, and nothing tells which it ran.
  { runs: {}, named: { gui: "gui:2" }, starts: { image: "gui:2", id: one }, takes: "refused" },
  { runs: {}, named: { gui: gui.pinned }, starts: { image: gui.pinned, id: "" }, takes: "one" },
])("LOGOS with one container more (case %#): $takes", ({ takes: expected, ...read }) => {
  const now = { gui: "gui" in read.runs ? 1 : 0 };
  const scaled = { service: "gui", n: 2, now, most: {}, files: { gui: 1 }, ...read };
  expect(takes(operationOf("logos", "scale"), scaled)).toBe(expected);
  if (now.gui > 0) return;
  const states = { gui: { containers: 0, running: 0 } };
  expect(takes(operationOf("logos", "up"), { service: "gui", ...read, now: states })).toBe(expected);
});

it("LOGOS with one container of five, of which four only do not run just now, takes two", () => {
  const scale = operationOf("logos", "scale");
  expect(scale.read?.["now"]).toMatchObject({ compose: { containers: {} } });
  const scaled = { service: "gui", n: 1, now: { gui: 5 }, most: {}, files: { gui: 1 }, named: {}, starts: {} };
  expect(takes(scale, { ...scaled, runs: {} })).toBe("two");
});

const services = ["gateway", "pxl-core", "overlay-chrono", "overlay-v4", "gui"];
const imagesOf = (digit: string) =>
  services.map((name) => `${name}=registry.example/${name}@sha256:${digit.repeat(64)}`);

it.each([
  { what: "those of every service", images: imagesOf("2"), takes: "two" },
  {
    what: "one more, whose name ends as another's",
    images: [`overlay-gui=evil@${one}`, ...imagesOf("2")],
    takes: "refused",
  },
  {
    what: "such a name in its place",
    images: [...imagesOf("2").slice(0, 4), `overlay-gui=evil@${one}`],
    takes: "refused",
  },
  { what: "one name twice", images: [...imagesOf("2").slice(0, 4), `gateway=evil@${one}`], takes: "refused" },
  { what: "one within another's", images: [...imagesOf("2").slice(0, 4), `gui=evil/gui=x@${one}`], takes: "refused" },
])("LOGOS back to $what: $takes", ({ images, takes: expected }) => {
  const back = operationOf("logos", "rollback-to");
  const now = Object.fromEntries(services.map((name) => [name, { image: `${name}@${one}`, mixed: false }]));
  const named = Object.fromEntries(services.map((name) => [name, `${name}@${one}`]));
  const values = { images: images.join(" "), release: "v1", was: "v2", now, named, count: {} };
  expect(takes(back, values)).toBe(expected);
  if (expected === "refused") return;
  for (const entry of images) {
    const [name = "", image = ""] = entry.split("=");
    const step = back.steps.find(({ id }) => id === name);
    expect(fillText(step?.envFile?.value ?? "", values)).toBe(image);
    expect(fillText(back.effect ?? "", values)).toContain(entry);
  }
});
