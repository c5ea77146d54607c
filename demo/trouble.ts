import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

/** What can go wrong, with the body for `POST /_demo` that makes it so and the one that undoes it. */
const Trouble = z.object({ name: z.string(), does: z.string(), post: z.json(), undo: z.json() });
const Described = z.object({ examples: z.array(Trouble).default([]) });

/** A trouble, and the doors of its system: any of them lets it happen. */
interface Known extends z.output<typeof Trouble> {
  readonly doors: readonly string[];
}

export interface Told {
  readonly lines: readonly string[];
  readonly ok: boolean;
}

/** `words` is a name and, where it is to be undone, `undo`; nothing lists what there is. The state is the running demo's. */
export async function tellTrouble(words: readonly string[], stateFolder: string): Promise<Told> {
  const [name, how = "do", ...more] = words;
  if (name !== undefined && (more.length > 0 || !["do", "undo"].includes(how)))
    return refused(
      `After ${name} only undo is understood, which ends it, or nothing, which lets it happen; not: ${[how, ...more].join(" ")}. ` +
        `To end it: npm run demo:trouble -- ${name} undo`,
    );
  const known = await troublesAt(portsIn(stateFolder));
  if (known.length === 0) return refused(`No demo runs on ${stateFolder}. Start it first: npm start`);
  if (name === undefined) return { ok: true, lines: known.map((each) => `${each.name.padEnd(16)}${each.does}`) };
  const found = known.find((each) => each.name === name);
  if (!found) return refused(`There is no trouble ${name}. There are: ${known.map((each) => each.name).join(", ")}`);
  return how === "undo" ? undo(found) : letHappen(found);
}

function refused(line: string): Told {
  return { ok: false, lines: [line] };
}

async function letHappen({ name, does, post, doors }: Known): Promise<Told> {
  const fault = await tellAny(doors, post);
  if (fault !== undefined) return refused(`${name} did not happen: ${fault}`);
  return { ok: true, lines: [`Now ${does}.`, `To undo it: npm run demo:trouble -- ${name} undo`] };
}

async function undo({ name, undo: body, doors }: Known): Promise<Told> {
  const fault = await tellAny(doors, body);
  return fault === undefined
    ? { ok: true, lines: [`${name} is undone.`] }
    : refused(`${name} was not undone: ${fault}`);
}

/** The first door that is open counts; undefined when it did as it was told, else what the last one said. */
async function tellAny(doors: readonly string[], body: unknown): Promise<string | undefined> {
  let fault = "nothing answers";
  for (const door of doors) {
    const headers = { "content-type": "application/json" };
    const answer = await fetch(door, { method: "POST", headers, body: JSON.stringify(body) }).catch(() => undefined);
    if (answer?.ok) return undefined;
    if (answer) fault = await answer.text();
  }
  return fault;
}

/** What the doors at these ports offer; a port that nobody listens at offers nothing. */
async function troublesAt(ports: readonly number[]): Promise<readonly Known[]> {
  const offers = await Promise.all(
    ports.map(async (port) => {
      const door = `http://127.0.0.1:${port}/_demo`;
      const answer = await fetch(door).catch(() => undefined);
      const body: unknown = await answer?.json().catch(() => undefined);
      return (Described.safeParse(body).data?.examples ?? []).map((example) => ({ ...example, door }));
    }),
  );
  const all = offers.flat();
  const first = all.filter(({ name }, at) => all.findIndex((each) => each.name === name) === at);
  return first.map((trouble) => ({
    ...trouble,
    doors: all.filter((each) => each.name === trouble.name).map((each) => each.door),
  }));
}

const Ports = z.record(z.string(), z.union([z.int(), z.array(z.int())]));

/** Where the demo noted that its services listen. */
function portsIn(stateFolder: string): readonly number[] {
  try {
    const noted = Ports.parse(JSON.parse(readFileSync(join(stateFolder, "demo-ports.json"), "utf8")));
    return Object.values(noted).flat();
  } catch {
    return [];
  }
}
