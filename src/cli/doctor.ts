import type { Diagnosis } from "../bot/chat/diagnosis.ts";
import { policyChangeWords } from "../cards/policy-change.ts";
import { areSimulated, configFor, unconfigured } from "../compose/config.ts";
import { snapshotOf } from "../compose/configuration.ts";
import { Directories } from "../compose/directories.ts";
import { examinePlatforms } from "../compose/examine-platforms.ts";
import { examineSystems } from "../compose/examine-systems.ts";
import { knownSurfaces } from "../compose/known-surfaces.ts";
import { openStore } from "../compose/open-store.ts";
import { createWorld } from "../compose/world.ts";
import type { Environment } from "../config/environment.ts";
import type { Config } from "../config/load-config.ts";
import { canAgree, inEveryGroup } from "../domain/approvals/can-agree.ts";
import { changeApprovers, presentApprovers } from "../domain/approvals/change-approvers.ts";
import { guardRemedy } from "../domain/approvals/guard-kept.ts";
import { UserError } from "../domain/failure.ts";
import { namedPeople } from "../domain/people/change-effects.ts";
import type { Policy } from "../domain/people/policy.ts";
import { policyChanges } from "../domain/people/policy-changes.ts";
import { inert } from "../domain/text/inert.ts";
import { counted } from "../domain/text/quantities.ts";
import { createLog } from "../ops/log.ts";
import { createMeasurements } from "../ops/metrics.ts";
import { waitingPolicyChange } from "../reads/policy-change.ts";
import { unreadableRecords } from "../reads/unreadable-records.ts";
import { ifLegible } from "../records/legible.ts";
import { systemOfLock } from "../records/lock.ts";
import { parsePolicy, policyKey, writtenPolicy } from "../records/policy.ts";
import { addressesOf, reconciledOf } from "../records/reconciled.ts";
import { environmentOrRefuse } from "./environment.ts";
import { freeLock } from "./free-lock.ts";
import { printFindings } from "./print-findings.ts";

/**
 * `wardroom doctor`: looks at everything that can be wrong, and says what to do. Exit code 1 when something is.
 * `--free-lock <system>` mends the one thing that needs nobody's judgement but that of whoever runs Wardroom.
 */
export async function doctor(args: readonly string[]): Promise<number> {
  const environment = environmentOrRefuse();
  const [flag, system, ...more] = args;
  if (flag === "--free-lock" && system !== undefined && more.length === 0) return freeLock(environment, system);
  if (flag !== undefined)
    throw new UserError("doctor takes nothing, or --free-lock and a system.", "For example: wardroom doctor");
  const config = await configFor(environment);
  const lacking = unconfigured(environment);
  const results = [
    printFindings("Configuration", [
      lacking
        ? { what: lacking.message, remedy: lacking.remedy ?? "" }
        : { what: `The config is good: ${counted(config.systems.length, "system")}` },
    ]),
  ];
  results.push(printFindings("Store", await examineStore(environment, config)));
  const asked = await examineAlertmanagers(environment, config);
  if (asked.length > 0) results.push(printFindings("Alertmanagers", asked));
  results.push(printFindings("People and rules", await examinePolicy(environment, config)));
  for (const { about, findings } of await examinePlatforms(environment, config))
    results.push(printFindings(about, findings));
  results.push(
    printFindings(
      "Systems",
      (await areSimulated(environment))
        ? [{ what: "They are simulated: they run while the bot does, and are not looked at here" }]
        : await lookAtSystems(environment, config),
    ),
  );
  return results.every(Boolean) ? 0 : 1;
}

async function examineStore(environment: Environment, { systems }: Config): Promise<Diagnosis[]> {
  try {
    const warnings: Diagnosis[] = [];
    const store = await openStore(environment, { onWarning: (what, remedy) => warnings.push({ what, remedy }) });
    const skewMs = (await store.now()) - Date.now();
    const records = (await unreadableRecords(store, systems)).map(({ record, message }) => ({
      what: inert(`${message[0]?.toUpperCase()}${message.slice(1)}`),
      remedy: recordRemedy(record),
    }));
    await store.close();
    // A clock that was set back is told by the store of this machine itself.
    const skewed = environment.redisUrl === undefined && warnings.length > 0 ? [] : [clockDiagnosis(skewMs)];
    return [...warnings, ...skewed, ...records];
  } catch (error) {
    const what = `The store cannot be used: ${error instanceof Error ? error.message : "it does not say why"}`;
    const remedy =
      environment.redisUrl === undefined
        ? `Make ${environment.stateFolder} writable for the user who runs this, or name another folder in WARDROOM_STATE.`
        : "Check that Redis runs where REDIS_URL says.";
    return [{ what, remedy }];
  }
}

/** Whether the addresses that senders are asked at are known to be theirs. */
async function examineAlertmanagers(environment: Environment, { alerts }: Config): Promise<Diagnosis[]> {
  const senders = alerts.senders.flatMap(({ id, api }) => (api ? [{ id, addresses: addressesOf(api.peers) }] : []));
  if (senders.length === 0) return [];
  const store = await openStore(environment).catch(() => undefined);
  if (!store) return [];
  try {
    const { found } = await reconciledOf(store);
    return senders.map(({ id, addresses }) => {
      const known = found.find((each) => each.sender === id && each.addresses === addresses);
      if (known?.proven) return { what: `That of ${id} has listed alerts that ${id} posted` };
      if (known?.foreign)
        return {
          what: `That of ${id} lists none of the alerts that ${id} posted and that fire: nothing is over by what it says`,
          remedy: `Check api.peers of the sender ${id} in wardroom.yaml: they may be another Alertmanager's.`,
        };
      return {
        what: `That of ${id} is not proven yet: nothing is over by what it says until it lists an alert that ${id} posted`,
      };
    });
  } finally {
    await store.close();
  }
}

function recordRemedy(record: string): string {
  const system = systemOfLock(record);
  return system === undefined
    ? "It is left as it is. Start the release that wrote it, or restore the store from a copy."
    : `Only what is urgent is started there. See that nothing is under way, then: wardroom doctor --free-lock ${system}.`;
}

/** What the files would change of who may do what, and how that would come into force. */
async function examinePolicy(environment: Environment, { policy }: Config): Promise<Diagnosis[]> {
  const store = await openStore(environment).catch(() => undefined);
  if (!store) return [];
  try {
    const [current] = await store.read([policyKey]);
    const inForce = ifLegible(() => writtenPolicy(current));
    const linked = current && ifLegible(() => parsePolicy(current));
    if (current && !inForce)
      return [{ what: "Those in force cannot be read, so that the bot does not start", remedy: unreadableRemedy }];
    const guard = guardDiagnosis(linked ?? policy);
    if (!inForce) return [{ what: "None are in force yet: those of the files will be, at the first start" }, guard];
    const waiting = await waitingPolicyChange(store);
    if (waiting?.refused !== undefined)
      return [{ what: `${filesDiffer}. ${waiting.refused}`, remedy: guardRemedy }, guard];
    if (waiting) return [{ what: policyChangeWords(waiting), remedy: waitingRemedy }, guard];
    const changes = policyChanges(inForce, policy).length;
    if (changes > 0) return [{ what: filesDiffer, remedy: newRemedy }, guard];
    return [{ what: "The people and rules in the files are those in force" }, guard];
  } finally {
    await store.close();
  }
}

const filesDiffer = "The people and rules in the files differ from those in force";
const unreadableRemedy =
  "Start the release that wrote them, restore the store from a copy, or put the files in force: wardroom policy adopt --offline.";
const waitingRemedy = "Let two people decide on it; wardroom policy diff says what it changes.";
const newRemedy = "Start the bot, so that it asks for them; wardroom policy diff says what they change.";

/** Who decides on people and rules: whether what the files say needs anybody's yes. */
function guardDiagnosis(inForce: Policy): Diagnosis {
  const approvers = changeApprovers(inForce);
  if (approvers.length < 2)
    return {
      what: `${approvers.length === 0 ? "Nobody" : `Only ${namedPeople(approvers)}`} decides on people and rules: edits of the files come into force with nobody's yes`,
      remedy:
        "Give two people the right to approve for wardroom, each with an account where they may: a grant in people.yaml on wardroom or *.",
      caution: true,
    };
  const present = presentApprovers(inForce).map((person) => inEveryGroup(person, inForce));
  if (canAgree(present, inForce).enough) return { what: `A change of them takes two of ${namedPeople(approvers)}` };
  return {
    what: `No change of people and rules can be agreed to: of ${namedPeople(approvers)} too few have the account or the role that it takes`,
    remedy: "Stop the bot, and put files in force under which two people can: wardroom policy adopt --offline.",
    caution: true,
  };
}

function clockDiagnosis(aheadMs: number): Diagnosis {
  if (Math.abs(aheadMs) <= 2_000) return { what: "The store answers, and its clock agrees with this machine's" };
  return {
    what: `The store's clock is ${Math.round(Math.abs(aheadMs) / 1_000)} s away from this machine's`,
    remedy: "Let both be set by NTP.",
  };
}

async function lookAtSystems(environment: Environment, config: Config): Promise<Diagnosis[]> {
  const log = createLog({ level: "silent" });
  const store = await openStore(environment).catch(() => undefined);
  if (!store) return [];
  const { meter } = createMeasurements();
  const snapshot = snapshotOf(config);
  const world = createWorld({ store, current: () => snapshot, directory: new Directories(knownSurfaces), log, meter });
  try {
    return await examineSystems(world, config.systems);
  } finally {
    await world.close();
    await store.close();
  }
}
