import type { System } from "../../domain/systems/system.ts";
import { isSlip, readSpoken, type SpokenLine, sinceKey } from "./spoken-line.ts";

/** What everyday words ask for: lines that are typed, the likeliest first. */
export interface Everyday {
  readonly lines: readonly string[];
  /** The words leave no doubt: the first line that may be asked is answered at once, where it is a question. */
  readonly atOnce: boolean;
}

/** Words that say nothing of what is asked. */
const manners = new Set(
  `a about again all am an and any anyone anything are at be been by can check could current currently did do does doing dont for from get give go going
  got happen happened happening has have hello hey hi how i if in is it its just know let lets like list look looking many me my need new now of on
  one open or our out over please pls quick quickly recent right run running see show so some something somebody still system systems tell thanks that
  the their there these they thing things this to today up us wardroom was we were what whats when where which who whos why will with would you your`.split(
    /\s+/,
  ),
);

interface Topic {
  /** Of the words that are left, joined by blanks. */
  readonly words: RegExp;
  readonly lines: (said: Said) => readonly string[];
  /** It changes something: it is offered for each system, and never answered at once. */
  readonly offers?: true;
}

interface Said extends SpokenLine {
  /** The ids of the systems it may be about: those that are named, else all. */
  readonly ids: readonly string[];
  readonly of: readonly System[];
  readonly text: string;
}

/** `status {id}` for those that it may be about, where none is meant the line of all. */
const each = (said: Said, line: string): readonly string[] => said.ids.map((id) => line.replace("{id}", id));
const ofOne = (said: Said, name: string): readonly string[] => [
  said.systems.length > 0 ? `${name} ${said.ids[0]}` : name,
];

/** The operations of these systems whose name has one of these words. */
function operations(said: Said, name: RegExp): readonly string[] {
  const found = said.of.flatMap(({ id, operations: all }) =>
    Object.entries(all)
      .filter(([operation]) => name.test(operation))
      .map(([operation, { arguments: takes }]) => ({
        line: `run ${id} ${operation}${target(said, Object.keys(takes))}`,
        fits: fits(said, takes),
      })),
  );
  const fitting = found.filter((one) => one.fits);
  return (fitting.length > 0 ? fitting : found).map(({ line }) => line);
}

const targets = ["service", "deployment", "pod", "instance", "container"];

/** The word that is left names what it is done to: `restart redis`. */
function target(said: Said, takes: readonly string[]): string {
  const argument = takes.find((name) => targets.includes(name));
  const [word] = namesLeft(said);
  return argument === undefined || word === undefined ? "" : ` ${argument}:${word}`;
}

function fits(said: Said, takes: Readonly<Record<string, unknown>>): boolean {
  return namesLeft(said).length === 0 || Object.keys(takes).some((name) => targets.includes(name));
}

const verbs =
  /^(?:restart|reboot|bounce|recycle|relaunch|roll|rollback|back|revert|undo|previous|version|release|scale|flatten|close|positions?|everything|stop|halt|kill|trading|trade|pause|resume|continue|start|reset|restore|backup|deploy|update|upgrade|exit|all|services?|pods?|deployments?|containers?|instances?|replicas?|more)$/;

/** What is none of manners, of verbs or of numbers. */
function leftOver({ words }: SpokenLine): readonly string[] {
  return words.filter((word) => !manners.has(word) && !verbs.test(word) && !/^\d/.test(word));
}

/** What may name a part: `is it ok to restart redis` has one of them. */
function namesLeft(said: SpokenLine): readonly string[] {
  return leftOver(said).filter((word) => !known.test(word));
}

const severityOf = (text: string): string => (/\bwarn/.test(text) ? "warn" : "error");

const logLines = (said: Said): readonly string[] => {
  const named = said.of.flatMap(({ id, logs }) =>
    logs
      .filter((log) => said.words.some((word) => log.id === word || (word.length > 3 && isSlip(word, log.id))))
      .map((log) => `logs ${id} ${log.id}`),
  );
  const level = /\b(?:errors?|exceptions?|fail\w*|crash\w*|stack ?traces?|warn\w*)\b/.test(said.text)
    ? ` level:${severityOf(said.text)}`
    : "";
  const having = said.of.filter(({ logs }) => logs.length > 0).map(({ id }) => `logs ${id}`);
  return (named.length > 0 ? named : having).map((line) => `${line}${level}${sinceKey(said.since)}`);
};

const metricWords: readonly (readonly [RegExp, RegExp])[] = [
  [/\bp ?n ?l\b|\bprofit\b|\blosse?s?\b|\bearn\w*\b|\bmoney\b/, /pnl/],
  [/\bcpu\b|\bprocessor\b/, /cpu/],
  [/\bram\b|\bmem\b|\bmemory\b/, /memory/],
  [/\bdisk\b|\bspace\b/, /disk/],
  [/\bslow\w*\b|\blatency\b|\bresponse times?\b|\blagg\w*\b/, /latency|api_response|api_p95|p95/],
  [/\bqueue\b|\bbacklog\b|\blag\b/, /queue|lag/],
  [/\berror rates?\b/, /error_rate|api_errors/],
  [/\btraffic\b|\bthroughput\b|\brequests per\b|\brequest rate\b/, /request_rate|throughput|requests/],
];

/** The metrics that the words name: by id, by the words of one, or by what people call it. */
function metricLines(said: Said): readonly string[] {
  const joined = said.words.join("_");
  const range = said.since === undefined ? "" : sinceKey(said.since);
  const of = (chosen: (id: string) => boolean): string[] =>
    said.of.flatMap(({ id, metrics }) =>
      metrics.filter((metric) => chosen(metric.id)).map((metric) => `metrics ${id} ${metric.id}${range}`),
    );
  const exact = of((id) => joined.includes(id) || said.words.includes(id.replaceAll("_", "-")));
  if (exact.length > 0) return longestFirst(exact);
  const called = metricWords.find(([words]) => words.test(said.text))?.[1];
  if (called) return firstOfEach(of((id) => called.test(id)));
  return of((id) => said.words.some((word) => word.length > 3 && (isSlip(word, id) || id.split("_").includes(word))));
}

/** Of each system the one that stands first in its file. */
function firstOfEach(lines: readonly string[]): readonly string[] {
  return lines.filter((line, at) => lines.findIndex((other) => other.split(" ")[1] === line.split(" ")[1]) === at);
}

function longestFirst(lines: readonly string[]): readonly string[] {
  return lines.toSorted((a, b) => (b.split(" ")[2]?.length ?? 0) - (a.split(" ")[2]?.length ?? 0));
}

/** Of the systems it may be about, the questions that tell what backups there are. */
const backupLines = (said: Said): readonly string[] =>
  said.of.flatMap(({ id, queries }) =>
    queries.filter((query) => query.id.includes("backup")).map((query) => `query ${id} ${query.id}`),
  );

const changes =
  "flatten\\w*|restart\\w*|roll(?:ed)? ?back|restor\\w+|deploy\\w*|releas\\w+|updat\\w+|upgrad\\w+|scal(?:e|ed|ing)|shut ?down|drill|" +
  "stopp?(?:ed|ing)?|resum\\w+|paus\\w+|clos(?:e|ed|ing)";
/** A question after what was done already, or is being done. Asked of what may be done, it is none of these: `is it ok to …`. */
const afterwards = String.raw`^(?!.*\b(?:ok|okay|safe|alright|fine) to\b)(?!how (?:do|to|can|should)\b)`;
const soFar = String.raw`(?:going|doing|done|finished|through|over|ready|far|progress\w*|complete\w*|coming along|get(?:ting)? on)`;

/** What is asked of things that were begun or done: how they are, and never that they are done once more. */
const looksBack: readonly Topic[] = [
  {
    words:
      /^(?:(?:ok|okay|yes|yep|yeah|sure|alright|fine|please|just|and|then|now) )*(?:do (?:it|that)|go (?:ahead|for it|on)|proceed|make it so|run it|send it)(?: (?:now|please|then|pls|on|for|with))*$/,
    lines: () => ["confirm next"],
  },
  {
    words: /^(?:did|have|has|was|were|is|are|who|whos|whats?)\b.*\b(?:silenced?|muted?)\b/,
    lines: () => ["alerts silences"],
  },
  {
    words: /^(?:did|have|has|was|were|is|are|who|whos)\b.*\b(?:ack(?:ed|s)?|acknowledged?|acks|taken)\b/,
    lines: (said) => ofOne(said, "alerts"),
  },
  { words: /^(?:did|have|has|was|were|is|are|when|how)\b.*\bback(?:ups?|ed up)\b/, lines: backupLines },
  {
    words: new RegExp(
      String.raw`${afterwards}(?=.*\b(?:${changes})\b)(?:(?:how|hows|is|are|was|has|what|whats|where|when)\b.*\b${soFar}\b|(?:did|has|does)\b.*\b(?:work|worked|succeed\w*|end|ended|fail|failed)\b)`,
    ),
    lines: () => ["confirm list"],
  },
  {
    words: new RegExp(String.raw`${afterwards}(?:did|have|has|was|were)\b.*\b(?:${changes})\b`),
    lines: (said) => ofJournal(said, "confirm list"),
  },
];

const topics: readonly Topic[] = [
  ...looksBack,
  {
    words: /\bwho\b.*\b(?:can|could|may|must|should|has to)\b.*\b(?:approve|agree|confirm|decide)\b/,
    lines: ({ code }) => [code ? `confirm who ${code.toUpperCase()}` : "confirm list"],
  },
  {
    words: /\b(?:approve|lgtm|agree)\b/,
    offers: true,
    lines: ({ code }) =>
      code ? [`confirm approve ${code.toUpperCase()}`, `confirm show ${code.toUpperCase()}`] : ["confirm list"],
  },
  {
    words: /\b(?:deny|reject|refuse)\b/,
    offers: true,
    lines: ({ code }) =>
      code ? [`confirm deny ${code.toUpperCase()}`, `confirm show ${code.toUpperCase()}`] : ["confirm list"],
  },
  { words: /\bwho\b.*\b(?:approved?|agreed|confirmed|decided)\b/, lines: (said) => ofJournal(said, "confirm list") },
  {
    words: /\b(?:ack|acknowledge\w*|take it|on it|mine)\b/,
    offers: true,
    lines: (said) =>
      said.code ? [`ack ${said.code}`] : said.systems.length > 0 ? each(said, "ack system={id}") : ["ack", "alerts"],
  },
  { words: /\b(?:unsilence|unmute)\b/, offers: true, lines: () => ["alerts silences"] },
  { words: /\b(?:silences|silenced|muted)\b/, lines: () => ["alerts silences"] },
  {
    words: /\b(?:silence|mute|shut up|quiet)\b/,
    offers: true,
    lines: (said) =>
      said.code
        ? [`silence ${said.code}`, `snooze ${said.code}`]
        : said.systems.length > 0
          ? each(said, "silence system={id}")
          : ["alerts", "alerts silences"],
  },
  { words: /\bsnooze\b/, offers: true, lines: ({ code }) => (code ? [`snooze ${code}`] : ["alerts"]) },
  { words: /\b(?:declare|open|new|start|create)\b.*\bincident\b/, offers: true, lines: () => ["incident declare"] },
  { words: /\bincidents?\b/, lines: ({ since }) => [`incident list${sinceKey(since)}`] },
  {
    words: /\b(?:on call|oncall|on duty|pager duty|pagerduty|whom? (?:do|can|should) i call|responsible)\b/,
    lines: () => ["oncall"],
  },
  {
    words: /\b(?:escalate|escalation|page (?:someone|somebody|me|us)|call (?:someone|somebody))\b/,
    lines: (said) => (said.systems.length > 0 ? each(said, "escalation {id}") : ["escalation", "oncall"]),
  },
  { words: /\b(?:hand ?over|shift)\b/, offers: true, lines: () => ["handover"] },
  {
    words: /\b(?:pending|approvals?|waiting|confirmations?|requests? open|open requests?)\b/,
    lines: () => ["confirm list"],
  },
  {
    words:
      /\bwho\b.*\b(?:did|changed?|restart\w*|deploy\w*|stopp?\w*|scaled|flatten\w*|touch\w*|was)\b|\bwhat (?:was |has )?(?:changed|deployed|been done)\b|\b(?:what (?:has )?|did )(?:anybody|anyone|somebody|someone)\b|\b(?:recent|any|latest) (?:changes|deploys?|deployments?)\b|\b(?:audit|journal)\b/,
    lines: (said) => ofJournal(said, "home"),
  },
  {
    words: /\b(?:emergency|e) ?stop\b|\b(?:stop|halt|kill|cease)\b.*\b(?:trad\w+|everything|it|bot|all)\b|\bpanic\b/,
    offers: true,
    lines: (said) => operations(said, /^(?:emergency-stop|stop-trader|stop|shutdown|pause)$/),
  },
  {
    words: /\b(?:stop|halt|kill|shut ?down)\b/,
    offers: true,
    lines: (said) => operations(said, /stop|shutdown|pause/),
  },
  {
    words: /\b(?:flatten|(?:close|exit|sell|liquidate)\b.*\b(?:positions?|everything|all|trades?|out))\b/,
    offers: true,
    lines: (said) => operations(said, /flatten|close-out/),
  },
  {
    words: /\broll ?back\b|\brevert\b|\bundo\b|\bprevious (?:version|release)\b/,
    offers: true,
    lines: (said) => operations(said, /rollback/),
  },
  {
    words: /\b(?:restart|reboot|bounce|recycle|relaunch)\b/,
    offers: true,
    lines: (said) => operations(said, /restart/),
  },
  {
    words: /\bscale\b|\bmore (?:replicas|instances|pods)\b/,
    offers: true,
    lines: (said) => operations(said, /^scale/),
  },
  {
    words: /\b(?:resume|continue|unpause)\b|\bstart\b.*\btrading\b/,
    offers: true,
    lines: (said) => operations(said, /^resume|^start/),
  },
  { words: /\bpause\b|\bmaintenance\b/, offers: true, lines: (said) => operations(said, /pause|maintenance/) },
  {
    words: /\b(?:make|take|do|run)?\s*(?:a )?(?:backup|back up)\b(?!s)/,
    offers: true,
    lines: (said) => operations(said, /^backup/),
  },
  { words: /\brestore\b/, offers: true, lines: (said) => operations(said, /^restore/) },
  {
    words: /\b(?:deploy|upgrade|update|release)\b/,
    offers: true,
    lines: (said) => operations(said, /^deploy|^update|^set-image|^release/),
  },
  {
    words: /\b(?:alerts?|alarms?|firing|pages?|paged|going off|on fire|burning)\b/,
    lines: (said) => ofOne(said, "alerts"),
  },
  {
    words: /\b(?:positions?|portfolio|holdings?|open trades?|holding|exposed)\b/,
    lines: (said) => said.of.filter(({ portfolio }) => portfolio).map(({ id }) => `portfolio ${id}`),
  },
  { words: /\berror rates?\b/, lines: metricLines },
  { words: /\b(?:errors?|exceptions?|logs?|crash\w*|stack ?traces?|warnings?|failures?)\b/, lines: logLines },
];

const waysOfStatus =
  /\b(?:wrong|broken|ok|okay|alright|fine|healthy|health|up|down|alive|dead|status|state|going on|happening|happened|problems?|issues?|trouble|working|works|work|how (?:is|are|s)|hows|whats up|sup|doing|well|well\?|green|red|running|online|offline|stuck|hanging|matter|bad)\b/;

/**
 * The commands that everyday words ask for, of systems that whoever asks may see: no model, a table of words. Undefined where the
 * words are not known. Nothing that changes something is sure.
 */
export function everyday(text: string, visible: readonly System[]): Everyday | undefined {
  const spoken = readSpoken(text, visible, (word) => manners.has(word) || verbs.test(word) || known.test(word));
  const of = spoken.systems.length > 0 ? spoken.systems : visible;
  const joined = spoken.words.join(" ");
  const said: Said = { ...spoken, of, ids: of.map(({ id }) => id), text: joined };
  const topic = topics.find(({ words }) => words.test(joined));
  if (topic) return heard(topic.lines(said), said, topic.offers !== true);
  const numbers = metricLines(said);
  if (numbers.length > 0) return heard(numbers, said, true);
  if (/\b(?:metrics?|numbers?|figures|stats)\b/.test(joined)) return heard(each(said, "metrics {id}"), said, true);
  if (/^(?:help|halp)\b|\bwhat can (?:you|i|we) (?:do|say|ask)\b|\bcommands\b/.test(joined))
    return heard(["help"], said, true);
  if (waysOfStatus.test(joined)) return heard(ofOne(said, "status"), said, true);
  const named =
    said.systems.length > 0
      ? logLines(said).filter(
          (line) =>
            line.split(" ")[2]?.match(/^\w/) &&
            !line.includes("level:") &&
            said.words.some((word) => line.split(" ")[2] === word),
        )
      : [];
  if (named.length > 0) return heard(named, said, true);
  const isAlone = spoken.systems.length > 0 && leftOver(spoken).length === 0;
  return isAlone ? heard(each(said, "status {id}"), said, true) : undefined;
}

/** What was done is told by the journal to those who may read it. */
function ofJournal({ systems, since }: Said, otherwise: string): readonly string[] {
  const of = systems[0] ? ` system:${systems[0].id}` : "";
  return [`audit${of}${sinceKey(since)}`, otherwise];
}

function heard(lines: readonly string[], said: Said, sure: boolean): Everyday | undefined {
  const about = new Set(lines.flatMap((line) => line.split(" ").filter((word) => said.ids.includes(word))));
  return lines.length === 0 ? undefined : { lines, atOnce: sure && about.size <= 1 && isKnown(said, lines) };
}

/** Every word of a line that names no system is one that is known here: one that is not may name what nobody may be told of. */
function isKnown(said: Said, lines: readonly string[]): boolean {
  if (said.systems.length > 0) return said.systems.length === 1;
  const asked = new Set(lines.flatMap((line) => line.split(/[\s_:-]/)));
  return leftOver(said).every((word) => known.test(word) || asked.has(word));
}

const known =
  /^(?:errors?|warn\w*|logs?|alerts?|alarms?|firing|positions?|portfolio|holdings?|incidents?|silences|silenced|muted|oncall|call|duty|wrong|broken|ok|okay|fine|healthy|health|down|status|problems?|issues?|trouble|working|works?|audit|journal|changed?|changes|deploy\w*|approved?|approvals?|pending|waiting|requests?|pnl|cpu|memory|ram|disk|space|latency|slow|drawdown|leverage|exposure|queue|rates?|metrics?|numbers?|stats|help|commands|hows|whats|fire|alive|dead|exceptions?|crash\w*|failures?|fail\w*|red|green|money|profit|loss|losses|losing|halp|traffic|throughput|agreed|decided|did|else|everything|everyone|anybody|someone|last|past|latest|hour|day|week|minutes?|responsible|escalation|say|ask|matter|bad|not|no|off|paged|pages?|sup|trades?|holding|stopped|restarted|night|yes|yep|yeah|sure|alright|ahead|then|far|ready|finished|through|over|progress|ack|acks|acked|taken|coming|along|completed?|succeeded|ended|rolled|silence)$/;
