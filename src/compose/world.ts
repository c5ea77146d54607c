import { dropLetterAct } from "../acts/alerts/end-letter.ts";
import { silenceAct } from "../acts/alerts/silence-act.ts";
import { type SettlePorts, settleAct } from "../acts/approvals/settle-request.ts";
import { changePolicyAct } from "../acts/people/change-policy.ts";
import { createCharts } from "../charts/charts.ts";
import { setVariables } from "../config/environment.ts";
import type { SilencePeers } from "../domain/alerts/mirrored-silence.ts";
import type { Beats } from "../domain/alerts/own-beat.ts";
import type { AlertPeers } from "../domain/alerts/reconcile.ts";
import { expectedBy } from "../domain/alerts/route-alert.ts";
import type { Routing } from "../domain/alerts/routing.ts";
import type { CommandPorts, WorldPorts } from "../domain/commands/command.ts";
import type { Configuration } from "../domain/commands/configuration.ts";
import type { PageHooks } from "../domain/escalation/page.ts";
import type { Log } from "../domain/log.ts";
import type { Meter } from "../domain/meter.ts";
import type { OnCallCalendars } from "../domain/oncall/calendar.ts";
import type { Directory } from "../domain/people/directory.ts";
import type { Store } from "../domain/store.ts";
import { type Backend, type FileFault, type RightsFound, readKindsOf, stepKindsOf } from "../domain/systems/backend.ts";
import type { OwnAct, OwnActName } from "../domain/systems/own-system.ts";
import { createPlanner } from "../domain/systems/plan-operation.ts";
import type { StepRunner } from "../domain/systems/steps.ts";
import type { System } from "../domain/systems/system.ts";
import { createAlertPeers } from "../integrations/alertmanager/peers.ts";
import { createSilencePeers } from "../integrations/alertmanager/silences.ts";
import { createAlerts } from "../integrations/alerts.ts";
import { createOnCallCalendars } from "../integrations/calendar/calendars.ts";
import { createCertificates } from "../integrations/certificates.ts";
import { composeBackend } from "../integrations/compose/compose.ts";
import { execBackend } from "../integrations/exec/exec.ts";
import { filesBackend } from "../integrations/files/files.ts";
import { gitBackend } from "../integrations/git/git.ts";
import { createHealthChecks } from "../integrations/health-checks.ts";
import { httpBackend } from "../integrations/http/http.ts";
import { kubernetesBackend } from "../integrations/kubernetes/kubernetes.ts";
import { createLists } from "../integrations/lists.ts";
import { createLogs } from "../integrations/logs.ts";
import { createMetrics } from "../integrations/metrics.ts";
import { note } from "../integrations/note/note.ts";
import { ownBackend } from "../integrations/own/act-step.ts";
import { createPortfolios } from "../integrations/portfolios.ts";
import { postgresBackend } from "../integrations/postgres/postgres.ts";
import { prometheusBackend } from "../integrations/prometheus/prometheus.ts";
import { prometheusTextBackend } from "../integrations/prometheus-text/prometheus-text.ts";
import { createPromises } from "../integrations/promises.ts";
import { createQueries } from "../integrations/queries.ts";
import { createReads } from "../integrations/reads.ts";
import { redisBackend } from "../integrations/redis/redis.ts";
import { rulesBackend } from "../integrations/rules/rules.ts";
import { createRehearsals, createStepReadings, createStepRunner } from "../integrations/steps.ts";
import { watchBackend } from "../integrations/watch/watch.ts";
import { createBeats } from "../integrations/wire/beats.ts";
import { createHttp, type Http } from "../integrations/wire/http.ts";
import { createPageHooks } from "../integrations/wire/page-hooks.ts";
import { createSecrets, type Secrets } from "../integrations/wire/secrets.ts";
import { metricHistory } from "../reads/metric-history.ts";
import { overdueOf } from "../reads/overdue.ts";
import { ruleHolds } from "../reads/rule-holds.ts";
import { firingByPost } from "../reads/taken-in.ts";

function variable(name: string): string | undefined {
  return setVariables()[name];
}

/** Every way to reach a system. A new one is a folder of `integrations` and a line here. */
export function createBackends({
  http,
  secrets = createSecrets(() => undefined),
}: {
  readonly http: Http;
  /** Where credentials are found; none are there when left out. */
  readonly secrets?: Secrets;
}): readonly Backend[] {
  const reaching = [
    httpBackend(http),
    prometheusTextBackend(http),
    prometheusBackend(http),
    composeBackend(),
    kubernetesBackend(),
    postgresBackend(secrets),
    redisBackend(secrets),
    filesBackend(),
    gitBackend,
    execBackend({ variable, secrets }),
  ];
  return [...reaching, watchBackend(reaching), rulesBackend(reaching), note];
}

/** What the steps of Wardroom's own operations do. A new one is an operation of `ownSystem` and an entry here. */
function ownActs(
  store: Store,
  { systems, routing }: Pick<SettlePorts, "systems"> & { readonly routing: () => Routing },
): Readonly<Record<OwnActName, OwnAct>> {
  return {
    settle: settleAct({ store, systems }),
    "change-policy": changePolicyAct(store),
    silence: silenceAct({ store, routing }),
    "drop-letter": dropLetterAct(store),
  };
}

/** Everything beyond this process that commands and workers reach. */
export interface World extends WorldPorts {
  readonly systems: CommandPorts["systems"];
  readonly steps: StepRunner;
  readonly alertPeers: AlertPeers;
  readonly silencePeers: SilencePeers;
  readonly beats: Beats;
  readonly pageHooks: PageHooks;
  readonly calendars: OnCallCalendars;
  /** What is wrong with the files that a system names for its calls. */
  examineFiles(system: System): Promise<readonly FileFault[]>;
  /** Whether what a system's file has asked and done is allowed. Throws BackendError. */
  examineRights(system: System, deadlineMs: number): Promise<readonly RightsFound[]>;
  close(): Promise<void>;
}

export function createWorld(parts: {
  readonly store: Store;
  readonly current: () => Configuration;
  readonly directory: Directory;
  readonly log: Log;
  readonly meter: Meter;
  /** Ways to reach systems besides those that are listed here. */
  readonly more?: readonly Backend[];
}): World {
  const { store, current, directory, log, meter, more = [] } = parts;
  const secrets = createSecrets((name) => current().secrets?.get(name));
  const http = createHttp({ log, meter, secrets });
  const reaching = [...createBackends({ http, secrets }), ...more];
  const stepReadings = createStepReadings(reaching);
  const own = ownActs(store, { systems: () => systems, routing: () => current().routing });
  const backends = [...reaching, ownBackend(own)];
  const kinds = stepKindsOf(backends);
  const metrics = createMetrics({ backends });
  const charts = createCharts();
  const queries = createQueries(backends);
  const systems: World["systems"] = {
    all: () => current().systems.all(),
    find: (id) => current().systems.find(id),
    health: createHealthChecks({ backends, meter }),
    metrics,
    logs: createLogs(backends),
    portfolios: createPortfolios(backends),
    lists: createLists(backends),
    queries,
    reads: createReads(backends),
    planner: createPlanner({ steps: kinds, reads: readKindsOf(backends) }),
    rehearsals: createRehearsals(backends),
    stepReadings,
    certificates: createCertificates(backends),
  };
  return {
    store,
    people: { directory },
    systems,
    alerts: createAlerts({
      backends,
      history: (system, metric, from) => metricHistory(store, system, metric, from),
      posted: async (system) => [
        ...(await firingByPost(store, system, {
          find: (name) => current().systems.find(name),
          expected: (alert) => expectedBy(current().routing, alert) !== undefined,
        })),
        ...(await overdueOf(store, system, current().awaited)),
      ],
      promises: createPromises(queries),
      holds: (system) => ruleHolds(store, system),
      sampledEveryMs: () => current().history.everyMs,
    }),
    alertPeers: createAlertPeers(http),
    silencePeers: createSilencePeers(http),
    beats: createBeats(http),
    pageHooks: createPageHooks(http),
    calendars: createOnCallCalendars(http),
    charts,
    steps: createStepRunner(backends),
    examineFiles: (system) => fromAll(backends, (each) => each.examineFiles?.(system)),
    examineRights: (system, deadlineMs) => fromAll(backends, (each) => each.examineRights?.(system, deadlineMs)),
    async close() {
      http.close();
      charts.close();
      await Promise.all(backends.map(async (backend) => backend.close?.()));
    },
  };
}

/** What each of them finds, of those that look at all. */
async function fromAll<Found>(
  backends: readonly Backend[],
  look: (backend: Backend) => Promise<readonly Found[]> | undefined,
): Promise<Found[]> {
  return (await Promise.all(backends.map(async (each) => (await look(each)) ?? []))).flat();
}
