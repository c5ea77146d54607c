import { inert } from "../domain/text/inert.ts";

/** Pixels a picture is wide, before it is drawn twice as large. */
export const width = 800;

/** As many as there may be lines. Colours that hold their contrast on white and stay apart for people who see fewer of them. */
export const colours = ["#2563eb", "#0f766e", "#7c3aed", "#be185d", "#475569", "#0e7490"];
export const limitColours = { warning: "#b45309", bad: "#dc2626" } as const;
export const paper = "#ffffff";
export const ink = "#111827";
export const faint = "#6b7280";
export const rule = "#e5e7eb";
export const zeroLine = "#9ca3af";

const titleMax = 80;

/** What came from outside, as it is drawn. The font has no mathematical brackets, in which `inert` sets its escapes. */
export function drawnText(outside: string): string {
  const shown = inert(outside.length > titleMax ? `${outside.slice(0, titleMax)}…` : outside);
  return shown.replaceAll("⟨", "‹").replaceAll("⟩", "›");
}
