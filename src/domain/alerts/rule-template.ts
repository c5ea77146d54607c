import { type AlertLabels, labelIn } from "./matcher.ts";

const reference = /\{\{-?\s*(?:(?:\$labels|\.Labels)\.([a-zA-Z_]\w*)|(\$value|\.Value))\s*-?\}\}/g;

/**
 * Fills in what a label or an annotation of a rule says of its alert: `{{ $labels.instance }}` and `{{ $value }}`. Any other action of
 * a template stays as it is written, and is shown inert as every text from outside.
 */
export function fillTemplate(text: string, series: { readonly labels: AlertLabels; readonly value: number }): string {
  return text.replaceAll(reference, (_, label: string | undefined) =>
    label === undefined ? goNumber(series.value) : labelIn(series.labels, label),
  );
}

/** As Prometheus writes a number: infinities have their sign. */
function goNumber(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return "+Inf";
  return value === Number.NEGATIVE_INFINITY ? "-Inf" : String(value);
}
