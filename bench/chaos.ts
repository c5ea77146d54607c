/**
 * The bot killed again and again while it tells alerts on Slack and Discord: what was lost, and what was told twice. 200 rounds as
 * published; `node bench/chaos.ts 20 7` has 20 of them, from the seed 7. A seed that is printed brings back the same points.
 */
import { type KillPoint, killedWhileTelling, unaccounted } from "../test/stories/alert-chaos.ts";

const rounds = Number(process.argv[2] ?? 200);
const seed = Number(process.argv[3] ?? Date.now() % 100_000);
/** Half of the rounds end within so many ms after the batch was taken, the other half at one of so many calls of the platforms. */
const [latestMs, mostCalls] = [600, 8];

const began = performance.now();
const end = await killedWhileTelling(pointsOf(rounds, seed));
const seconds = Math.round((performance.now() - began) / 1_000);
const { lost, twice, saidTwice, faults, posted, outcomes, fates } = end;
console.log(`\nKilled while telling alerts: ${rounds} rounds in ${seconds} s, seed ${seed}`);
const found = { lost, "told twice": twice, "said twice": saidTwice, "faults of the books": faults };
for (const [what, all] of Object.entries(found)) {
  printCount(what, all.length);
  for (const each of all.slice(0, 5)) console.log(`  ${each.slice(0, 200)}`);
}
printCount("not accounted for", unaccounted(end));
printCount("events posted", posted);
console.log(`  ${JSON.stringify({ ...outcomes, ...fates })}`);
if (unaccounted(end) > 0 || Object.values(found).some((all) => all.length > 0)) process.exitCode = 1;

function printCount(what: string, count: number): void {
  console.log(`${what.padEnd(44)}${String(count).padStart(8)}`);
}

function pointsOf(count: number, from: number): readonly KillPoint[] {
  let state = from;
  const random = (): number => {
    // Numerical Recipes' constants: any spread will do, as long as a seed gives the same one again.
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
  return Array.from({ length: count }, (_, round) =>
    round % 2 === 0 ? { ms: Math.floor(random() * latestMs) } : { calls: 1 + Math.floor(random() * mostCalls) },
  );
}
