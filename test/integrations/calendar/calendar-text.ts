/** A calendar of these parts, as a file has it. */
export function calendarOf(...parts: readonly string[]): string {
  const lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//EN", ...parts, "END:VCALENDAR", ""];
  return lines.join("\n").replaceAll("\n", "\r\n");
}

export function event(title: string, ...lines: readonly string[]): string {
  return ["BEGIN:VEVENT", `SUMMARY:${title}`, ...lines, "END:VEVENT"].join("\n");
}
