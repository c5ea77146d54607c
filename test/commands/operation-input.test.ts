import { describe, expect, it } from "vitest";
import { usageOf } from "../../src/bot/language/catalogue.ts";
import { formOf } from "../../src/bot/language/form.ts";
import { type Parsed, parse } from "../../src/bot/language/parse.ts";
import { route } from "../../src/bot/pipeline/route.ts";
import { argumentValues } from "../../src/commands/operation-input.ts";
import { operationCommands } from "../../src/commands/run.ts";
import { SystemFile } from "../fakes/backends.ts";

/** Two systems that have an operation of one name, whose arguments have the same names and are not the same. */
const [shop, mill] = [
  systemOf("shop", {
    size: { type: "choice", title: "Size", choices: ["small", "large"] },
    count: { type: "integer", title: "Count", min: 1, max: 5 },
    note: { type: "text", title: "Note", max: 10, required: false },
  }),
  systemOf("mill", {
    size: { type: "choice", title: "Size", choices: ["coarse", "fine"] },
    count: { type: "text", title: "Count", min: 3 },
    note: { type: "text", title: "Note", min: 5, max: 300 },
  }),
];
const commands = operationCommands([shop, mill]);

function systemOf(id: string, given: object) {
  const steps = [{ id: "tell", title: "Tell", note: "n" }];
  return SystemFile.parse({
    id,
    title: id,
    health: [{ id: "api", http: "http://127.0.0.1:1/health" }],
    aliases: [`${id}-1`],
    operations: { scale: { summary: `Scale the ${id}`, risk: "change", short: true, arguments: given, steps } },
  });
}

const routes = {
  commands,
  button: async () => undefined,
  requestAt: async () => undefined,
  alertsAt: async () => [],
};

const reason = 'reason:"the queue is long"';

function said(text: string): Parsed {
  return parse(`${text} ${reason}`, commands);
}

describe.each([
  ["in its short form", "scale shop", "scale mill"],
  ["by its long name", "run shop scale", "run mill scale"],
  ["by the alias of a system", "run shop-1 scale", "scale mill-1"],
])("an operation asked for %s", (_how, ofShop, ofMill) => {
  it("takes what the named system takes", () => {
    expect(said(`${ofShop} size:small count:3`)).toMatchObject({ kind: "ready", input: { size: "small", count: 3 } });
    expect(said(`${ofMill} size:FINE count:many note:"as agreed"`)).toMatchObject({
      kind: "ready",
      input: { size: "fine", count: "many", note: "as agreed" },
    });
  });

  it("shows what is needed without square brackets, also while no system is named", () => {
    const usage = (text: string): string => {
      const asked = said(text);
      return asked.kind === "incomplete" ? formOf(asked.command, asked).usage : asked.kind;
    };
    expect(usage(ofShop)).toMatch(/ (<size>|size:…) (<count>|count:…) .*\[note:…\]/);
    expect(usage(ofMill)).toMatch(/ (<size>|size:…) (<count>|count:…) (<note>|note:…)/);
    expect(usage(ofMill)).not.toMatch(/\[(size|count|note)/);
    const [, short] = commands;
    expect(short && usageOf(short)).toBe("scale <system> size:… count:… reason:… [note:…] [--dry-run]");
  });

  it("does not take what only another system takes, and says what this one takes", () => {
    expect(said(`${ofShop} size:fine count:many`)).toMatchObject({
      kind: "incomplete",
      errors: {
        size: 'It must be one of small, large, not "fine".',
        count: 'It must be a whole number, not "many".',
      },
    });
    expect(said(`${ofShop} size:small count:9 note:longer-than-ten`)).toMatchObject({
      kind: "incomplete",
      errors: { count: "It must be at most 5.", note: "It must have at most 10 characters." },
    });
    expect(said(`${ofMill} size:coarse count:ab note:abc`)).toMatchObject({
      kind: "incomplete",
      errors: { count: "It must have at least 3 characters.", note: "It must have at least 5 characters." },
    });
  });

  it("asks for what the named system needs, and only for that", () => {
    expect(said(ofShop)).toMatchObject({ kind: "incomplete", missing: ["size", "count"], errors: {} });
    expect(said(`${ofMill} size:fine`)).toMatchObject({ kind: "incomplete", missing: ["count", "note"], errors: {} });
  });
});

it("of a system that is not known, is as loose as all of them together", () => {
  expect(said("scale size:fine count:many")).toMatchObject({ kind: "incomplete", missing: ["system"], errors: {} });
  expect(said("run nowhere scale size:small count:3")).toMatchObject({ kind: "ready" });
});

it("is checked once more where it is carried out, as another configuration may stand by then", () => {
  const { scale } = shop.operations;
  if (!scale) throw new Error("there is no operation");
  expect(argumentValues(scale, { size: "small", count: 3, other: "left out" })).toEqual({ size: "small", count: 3 });
  expect(() => argumentValues(scale, { size: "fine", count: 3 })).toThrow("Size is not one that this system takes.");
  expect(() => argumentValues(scale, { size: "small" })).toThrow("Count is missing.");
  expect(() => argumentValues(scale, { size: "small", count: 3, note: ".." })).toThrow("Note may not be ...");
});

it("is asked for in a form with the fields of the named system", async () => {
  const fields = async (text: string) => {
    const routed = await route({ kind: "text", text: `${text} ${reason}` }, routes);
    return routed.kind === "incomplete"
      ? routed.form.fields.map(({ name, kind, required, choices }) => ({ name, kind, required, choices }))
      : [];
  };
  const size = { name: "size", kind: "choice", required: true };
  expect(await fields("run shop scale")).toContainEqual({ ...size, choices: ["small", "large"] });
  expect(await fields("run mill scale")).toContainEqual({ ...size, choices: ["coarse", "fine"] });
  expect(await fields("run mill scale size:small")).toContainEqual({ ...size, choices: ["coarse", "fine"] });
});

it("is asked for in a form that says what it does on the named system", async () => {
  const title = async (text: string) => {
    const routed = await route({ kind: "text", text }, routes);
    return routed.kind === "incomplete" ? routed.form.title : routed.kind;
  };
  expect(await title("scale shop")).toBe("Scale the shop");
  expect(await title("scale mill-1 size:fine")).toBe("Scale the mill");
  expect(await title("run mill scale")).toBe("Scale the mill");
});

describe("what has to be given needs no key in the short form", () => {
  const service = { type: "text", title: "Service" };
  const n = { type: "integer", title: "Containers", min: 0, max: 20 };
  const stack = systemOf("stack", { service, n, note: { type: "text", title: "Note", required: false } });
  const same = systemOf("same", { service, n: { ...n, max: 2 } });

  it("in the order of the file, where every system has it so", () => {
    const of = operationCommands([stack, same]);
    expect(parse(`scale stack gateway 3 ${reason}`, of)).toMatchObject({ input: { service: "gateway", n: 3 } });
    expect(parse(`scale stack n:3 gateway ${reason}`, of)).toMatchObject({ input: { service: "gateway", n: 3 } });
    expect(parse(`scale same gateway 3 ${reason}`, of)).toMatchObject({ errors: { n: "It must be at most 2." } });
    expect(parse(`scale stack gateway ${reason}`, of)).toMatchObject({ kind: "incomplete", missing: ["n"] });
    expect(parse(`scale stack gateway 3 more ${reason}`, of)).toMatchObject({ problem: { code: "extra-word" } });
  });

  it("in its own order, where another system has other arguments", () => {
    const of = operationCommands([stack, systemOf("tagged", { tag: service }), systemOf("alone", { n })]);
    expect(parse(`scale alone 3 ${reason}`, of)).toMatchObject({ input: { system: "alone", n: 3 } });
    expect(parse(`scale tagged v1 ${reason}`, of)).toMatchObject({ input: { system: "tagged", tag: "v1" } });
    expect(parse(`scale stack gateway 3 ${reason}`, of)).toMatchObject({ input: { service: "gateway", n: 3 } });
    expect(parse(`scale tagged v1 3 ${reason}`, of)).toMatchObject({ problem: { code: "extra-word", word: "3" } });
    expect(parse(`scale nowhere v1 ${reason}`, of)).toMatchObject({ problem: { code: "extra-word" } });
  });

  it("and a key where another system has it otherwise", () => {
    const of = operationCommands([stack, systemOf("other", { n, service })]);
    expect(parse(`scale stack gateway 3 ${reason}`, of)).toMatchObject({ problem: { code: "extra-word" } });
  });
});
