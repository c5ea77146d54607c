import { z } from "zod";
import { SeverityWords } from "./severity.ts";

const form = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;
const units = [365 * 86_400_000, 7 * 86_400_000, 86_400_000, 3_600_000, 60_000, 1_000, 1];

/** `90s`, `1h30m`, `0`: how Prometheus writes lengths of time. NaN when it is none, else ms. */
export function prometheusMs(text: string): number {
  const parts = text === "" ? null : form.exec(text);
  if (text === "0") return 0;
  if (!parts) return Number.NaN;
  return units.reduce((sum, ms, at) => sum + ms * Number(parts[at + 1] ?? 0), 0);
}

const Length = z
  .union([z.string(), z.literal(0).transform(() => "0")])
  .refine(
    (text) => !Number.isNaN(prometheusMs(text)),
    "a length of time is written as Prometheus has it, as 90s or 1h30m",
  );
/** A text, also where YAML takes it for a number or a truth, as Prometheus takes it. */
const Text = z.union([z.string(), z.number().transform(String), z.boolean().transform(String)]);
const Texts = z.record(z.string(), Text);
const label = /^[a-zA-Z_]\w*$/;
const Labels = z
  .record(z.string().regex(label, "a label is letters, digits and _"), Text)
  .refine((labels) => !Object.hasOwn(labels, "__name__"), "no label is called __name__");

const FileRule = z
  .strictObject({
    alert: z.string().min(1).optional(),
    record: z.string().min(1).optional(),
    expr: Text.refine((text) => text.trim() !== "", "an expression is needed"),
    for: Length.optional(),
    keep_firing_for: Length.optional(),
    labels: Labels.optional(),
    annotations: Texts.optional(),
  })
  .refine((rule) => (rule.alert === undefined) !== (rule.record === undefined), {
    error: "a rule has either alert or record",
  });

/** A rule file of Prometheus, as it is: what Prometheus refuses about its form is refused here. */
export const RuleFile = z.strictObject({
  groups: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        interval: Length.optional(),
        query_offset: Length.optional(),
        limit: z.number().optional(),
        labels: Labels.optional(),
        rules: z.array(FileRule).optional(),
      }),
    )
    .default([]),
});
export type RuleFile = z.output<typeof RuleFile>;

/** `rules: { file: … }` among the alerts of a system. */
export const RuleFileSpec = z.strictObject({
  rules: z.strictObject({
    /** The rule file, from the folder of this file. */
    file: z.string().min(1),
    /**
     * The Prometheus that knows how they stand, or is asked what they give. Left out: the one that the system declares; where it
     * declares none, the bot judges them over what it reads itself.
     */
    backend: z.string().optional(),
    severities: SeverityWords.default({ critical: "critical", warning: "warning", info: "info" }),
  }),
});
export type RuleFileSpec = z.output<typeof RuleFileSpec>;

/** The same with the rules that were read. */
export const RuleFileRead = z.strictObject({ rules: RuleFileSpec.shape.rules.extend({ read: RuleFile }) });

/** An alerting rule of a file. */
export interface FileAlertRule {
  /** What tells it from every other of its file: `pulseguard/HighQueueLag`, with `#2` where a group has its name twice. */
  readonly name: string;
  readonly group: string;
  readonly alert: string;
  readonly expr: string;
  /** How long it has to hold before it fires, and how long it goes on afterwards, ms. */
  readonly forMs: number;
  readonly keepMs: number;
  /** As written, with what refers to the alert. */
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** Where it stands in the file. */
  readonly path: readonly (string | number)[];
}

/** The alerting rules of a file, in order. */
export function alertRulesIn({ groups }: RuleFile): readonly FileAlertRule[] {
  const seen = new Map<string, number>();
  return groups.flatMap(({ name: group, rules = [], labels: shared = {} }, at) =>
    rules.flatMap((rule, index): FileAlertRule[] => {
      const { alert, expr, labels = {}, annotations = {} } = rule;
      if (alert === undefined) return [];
      const name = `${group}/${alert}`;
      const count = (seen.get(name) ?? 0) + 1;
      seen.set(name, count);
      return [
        {
          name: count === 1 ? name : `${name}#${count}`,
          group,
          alert,
          expr,
          forMs: prometheusMs(rule.for ?? "0"),
          keepMs: prometheusMs(rule.keep_firing_for ?? "0"),
          labels: { ...shared, ...labels },
          annotations,
          path: ["groups", at, "rules", index],
        },
      ];
    }),
  );
}
