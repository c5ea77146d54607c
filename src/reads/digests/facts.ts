import type { DigestLine } from "../../domain/digests/section.ts";
import type { FactReading } from "../../domain/systems/health.ts";
import type { System } from "../../domain/systems/system.ts";
import { type DigestSection, onlySystem, unreadLine } from "./asked-section.ts";

/** Words of a system about itself, as its version or mode, against what is expected. */
export const factsSection: DigestSection = {
  title: "Facts",
  async find(asked, { systems }) {
    const system = onlySystem(asked);
    const { facts: all } = await systems.health.check(system);
    const facts = (asked.options.facts ?? []).flatMap((id) => all.find((each) => each.id === id) ?? []);
    const unread = facts.filter(({ reading }) => !reading.ok);
    const source = `${system.title}, asked live`;
    const [first] = unread;
    if (first && !first.reading.ok && unread.length === facts.length)
      return { source, asOf: asked.to, unavailable: first.reading.detail };
    const wrong = facts.filter(({ severity }) => severity !== undefined);
    return {
      source,
      asOf: Math.max(asked.to, ...facts.map(({ reading }) => reading.at)),
      isPartial: unread.length > 0,
      said: facts.flatMap(({ id, title, reading }) =>
        reading.ok ? [{ id, title, value: valueWords(reading.value) }] : [],
      ),
      attention: wrong.map((fact) => wrongFact(system, fact)),
      lines: facts.filter(({ severity, reading }) => severity !== undefined || !reading.ok).map(factLine),
    };
  },
};

/** A fact that is not as it is expected to be, in the same words in whichever section. */
export function wrongFact({ title }: Pick<System, "title">, fact: FactReading): DigestLine {
  const line = factLine(fact);
  return { ...line, text: `${title}: ${line.text}` };
}

function factLine({ title, reading, severity, expected }: FactReading): DigestLine {
  if (!reading.ok) return unreadLine(title, reading.detail);
  const value = valueWords(reading.value);
  if (severity === undefined) return { text: `${title}: ${value}`, tone: "neutral" };
  return {
    text: `${title}: ${value}${expected === undefined ? "" : `, ${yesOrNo(expected)} is expected`}`,
    tone: severity === "critical" ? "bad" : "warning",
  };
}

function valueWords(value: unknown): string {
  return typeof value === "boolean" ? yesOrNo(value) : String(value) || "none";
}

/** People say yes and no. */
function yesOrNo(value: unknown): string {
  if (value === true || value === "true") return "yes";
  return value === false || value === "false" ? "no" : String(value);
}
