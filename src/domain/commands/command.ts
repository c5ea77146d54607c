import type { z } from "zod";
import type { Alerts } from "../alerts/alert.ts";
import type { PostReader } from "../alerts/post-reader.ts";
import type { Routing } from "../alerts/routing.ts";
import type { Digest } from "../digests/digest.ts";
import type { UserError } from "../failure.ts";
import type { IncidentsInFile } from "../incidents/incidents-file.ts";
import type { Attachment, Card } from "../messages/card.ts";
import type { Charts } from "../messages/chart.ts";
import type { Called, RequestAbout } from "../messages/message.ts";
import type { Place } from "../messages/place.ts";
import type { Subject } from "../messages/subject.ts";
import type { Directory } from "../people/directory.ts";
import type { Permission, Person } from "../people/person.ts";
import type { Policy } from "../people/policy.ts";
import type { Viewer } from "../people/viewer.ts";
import type { Store } from "../store.ts";
import type { Certificates } from "../systems/certificates.ts";
import type { HealthChecks } from "../systems/health.ts";
import type { Lists } from "../systems/lists.ts";
import type { Logs } from "../systems/logs.ts";
import type { Metrics } from "../systems/metrics.ts";
import type { Planner } from "../systems/plan-operation.ts";
import type { Portfolios } from "../systems/portfolio.ts";
import type { Queries } from "../systems/queries.ts";
import type { Reads } from "../systems/reads.ts";
import type { Rehearsals, StepReadings } from "../systems/steps.ts";
import type { Systems } from "../systems/system.ts";
import type { Catalogue } from "./catalogue.ts";

/** What a command answers with. */
export interface Reply {
  readonly card: Card;
  readonly files?: readonly Attachment[];
  /** Codes of the alerts that the answer shows: they can be acknowledged at the message. */
  readonly alerts?: readonly string[];
  /** Only the person who asked sees it. Refusals are always private. */
  readonly private?: boolean;
  /** The message shows this thing's card and follows its state from now on. */
  readonly subject?: Subject;
  /** People who are called by name. */
  readonly calls?: readonly Called[];
  /** What was asked for was not done, and cannot be until something else is: it counts as refused. */
  readonly refused?: boolean;
  /** The request that it is about, whether or not it shows its card. */
  readonly about?: RequestAbout;
}

/** One asking that was accepted, once it is known who asks. */
export interface Invocation {
  /** The platform's delivery id, unique per surface: the key under which it is accepted once. */
  readonly id: string;
  readonly person: Person;
  /** The account that asked, as `surface:id`. */
  readonly account: string;
  readonly place: Place;
  /** Store time at which it was accepted, ms. */
  readonly now: number;
}

/** Who does something, and in which delivery: the same delivery does it once. */
export interface DoneBy {
  readonly person: string;
  readonly name: string;
  readonly account: string;
  readonly invocation: string;
}

export function doneBy({ id, person, account }: Invocation): DoneBy {
  return { person: person.id, name: person.name, account, invocation: id };
}

/** What is asked of the operated systems themselves. */
export interface SystemPorts {
  readonly health: HealthChecks;
  readonly metrics: Metrics;
  readonly logs: Logs;
  readonly portfolios: Portfolios;
  readonly lists: Lists;
  readonly queries: Queries;
  readonly reads: Reads;
  readonly planner: Planner;
  readonly rehearsals: Rehearsals;
  readonly stepReadings: StepReadings;
  readonly certificates: Certificates;
}

/** Everything beyond this process, by what it is about. Integrations implement it; fakes pass the same contracts. */
export interface WorldPorts {
  readonly store: Store;
  readonly people: { readonly directory: Directory };
  readonly systems: SystemPorts;
  readonly alerts: Alerts;
  readonly charts: Charts;
}

/** What commands reach the world through: also the rules in force, the systems there are and where alerts go, asked anew for each command. */
export interface CommandPorts extends WorldPorts {
  readonly people: WorldPorts["people"] & { readonly policy: () => Policy };
  readonly systems: SystemPorts & Systems;
  readonly routing: Routing;
  readonly posts: PostReader;
  readonly digests: readonly Digest[];
  readonly incidents: IncidentsInFile;
}

export interface CommandContext extends CommandPorts {
  readonly invocation: Invocation;
  /** Every command there is, in words; `decide` says which of them this person may use. */
  readonly catalogue: Catalogue;
}

/** Whoever asks, where they ask, under the rules in force. */
export function viewerOf({ invocation: { person, place }, people }: CommandContext): Viewer {
  return { person, place, policy: people.policy() };
}

/**
 * A command is data: slash options, completion, forms, help, did-you-mean, terminal flags and the docs table are all
 * derived from it. A name is one or two words.
 */
export interface Command<Input extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  readonly summary: string;
  readonly input: Input;
  /**
   * What it takes once it is known what it is asked of, where that is narrower than `input`; undefined when it is not.
   * The same schema each time for the same answer.
   */
  inputFor?(given: Readonly<Record<string, unknown>>): z.ZodObject | undefined;
  readonly permission: Permission;
  /** The field whose value is the system that the permission is asked for. */
  readonly systemField?: string;
  /** Offered on messages: the field is given what the message shows, or what it says. */
  readonly shortcut?: {
    readonly title: string;
    readonly field: string;
    readonly of: "request" | "alerts" | "text";
  };
  /** It changes state although its permission is one to look: who may is a rule of what is changed. */
  readonly changes?: boolean;
  /** Given this, it asks for what nothing may hold up, not even a platform that is silent about whoever asks. */
  urgent?(given: Readonly<Record<string, unknown>>): boolean;
  /** Given this, it asks for nothing and changes nothing: it is a question, whatever right it takes. */
  looks?(given: Readonly<Record<string, unknown>>): boolean;
  /** What it does with what is given, where its summary has to speak of more; undefined where that is all there is to say. */
  summaryFor?(given: Readonly<Record<string, unknown>>): string | undefined;
  /** Why nobody can ask it with what is given, whatever it lacks besides: told before what is missing is asked for. */
  refusal?(given: Readonly<Record<string, unknown>>): UserError | undefined;
  /** Names that people type as if they were commands, in lower case, each with what is to be typed instead. */
  readonly typedAlone?: ReadonlyMap<string, readonly HowToAsk[]>;
  /** Whole lines that ask for it, in lower case, as people answer a colleague: none of them says of what, so none may change anything. */
  readonly answers?: readonly string[];
  /** What each system is stopped with at once, where this command asks for that. Every system stands here, also one without. */
  readonly stops?: readonly Stoppable[];
  /** A person may always ask these: help, why. */
  readonly open?: boolean;
  /** Names in braces stand for what is configured, see `fillExamples`. */
  readonly examples: readonly string[];
  /**
   * After a crash it runs again under the same invocation: a read reads again, and whatever changes state does so
   * through an act, which knows the invocation and changes nothing the second time.
   */
  run(input: z.output<Input>, context: CommandContext): Promise<Reply>;
}

/** One way in which a command can be asked, to copy or to press: what `args` lacks is asked for in a form. */
export interface HowToAsk {
  readonly usage: string;
  readonly label: string;
  readonly args: Readonly<Record<string, string>>;
  /** A press of it is the asking itself: no form comes in between. */
  readonly atOnce?: boolean;
}

/** A system, and what stops it. */
export interface Stoppable {
  /** Its id and whatever else it is called, in lower case. */
  readonly names: readonly string[];
  /** How that is asked for, under the name of its operation; none where nothing stops it. */
  readonly askings: readonly (HowToAsk & { readonly called: string })[];
  /** What there is instead where nothing stops it. */
  readonly nearest: readonly HowToAsk[];
}

export function defineCommand<Input extends z.ZodObject>(command: Command<Input>): Command<Input> {
  return command;
}

/** Keys of `.meta()` on a command's field. */
interface FieldMeta {
  readonly label: string;
  readonly help?: string;
  /** Read in order from what is typed without a key. */
  readonly positional?: boolean;
  /** Takes the rest of the line, spaces included; where it is not positional, what those that are leave. */
  readonly rest?: boolean;
  /** May be given more than once. Its value is one text, a line for each time; a form shows it as several lines. */
  readonly repeated?: boolean;
  readonly multiline?: boolean;
  /** Of a whole number: one that a double would alter is taken as its digits. */
  readonly everyDigit?: boolean;
  /** Read by people and by nothing else: a secret in it is masked, where one in any other field is refused. */
  readonly prose?: boolean;
  /** Names the list that completes the field while typing: `systems`, `metrics`, `operations`, `requests`, `alerts`, … */
  readonly suggest?: string;
  /**
   * It is a time, and may be typed as people say one: in several words, and without the field's name where those say which it is. `since` and `until`
   * are points in time, `for` a length; `named` is either, and always stands behind its name.
   */
  readonly time?: "since" | "until" | "for" | "named";
  /** Names that are read as its own: `grep` for `match`. */
  readonly aliases?: readonly string[];
  /** What people type for its name, who know it from another command: it is told, as it may be meant otherwise. */
  readonly alsoCalled?: readonly string[];
}

declare module "zod" {
  /** Has the compiler check the keys that fields are described with. */
  interface GlobalMeta extends Partial<FieldMeta> {}
}
