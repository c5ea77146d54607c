import { refusedCode, runScript, ScriptEnd, say } from "../programs/script.ts";
import { instanceCount, isLoadable, keepUnits, modelInFile, readUnits } from "./home.ts";

const usage = "usage: instances.sh list\n       instances.sh scale N\n       instances.sh restart NUMBER";

await runScript(async (home, [verb = "", word = "", ...more]) => {
  const number = /^\d$/.test(word) ? Number(word) : undefined;
  if (more.length > 0 || (verb !== "list" && (number === undefined || number > instanceCount)))
    throw new ScriptEnd(usage, refusedCode);
  if (verb === "list") return list(home);
  if (verb === "scale") return scale(home, number ?? 0);
  if (verb === "restart" && number !== undefined && number > 0) return restart(home, number);
  throw new ScriptEnd(usage, refusedCode);
});

function list(home: string): void {
  const units = readUnits(home);
  const instances = [...units].map(([number, { running, model }]) => ({ number, running, model }));
  const running = instances.filter((each) => each.running).length;
  process.stdout.write(`${JSON.stringify({ running, instances })}\n`);
}

/** The highest numbers go first and come last. */
async function scale(home: string, wanted: number): Promise<void> {
  for (let number = 1; number <= instanceCount; number += 1) {
    const runs = readUnits(home).get(number)?.running ?? false;
    if (number <= wanted && !runs) await start(home, number);
    if (number > wanted && runs) await stop(home, number);
  }
  await say(`${wanted} of ${instanceCount} instances run`, 0);
}

async function restart(home: string, number: number): Promise<void> {
  await stop(home, number);
  await start(home, number);
}

async function stop(home: string, number: number): Promise<void> {
  await say(`Stopping pulseguard-${number}`);
  const unit = readUnits(home).get(number);
  if (unit) keepUnits(home, new Map(readUnits(home)).set(number, { ...unit, running: false }));
}

async function start(home: string, number: number): Promise<void> {
  const model = modelInFile(home);
  await say(`Starting pulseguard-${number} with the model ${model}`);
  if (!isLoadable(home, model)) throw new ScriptEnd(`pulseguard-${number} did not start: cannot load ${model}`, 1);
  keepUnits(home, new Map(readUnits(home)).set(number, { running: true, since: Date.now(), model }));
}
