/** The queue of messages owed to the channels of a surface: one that is slow or down holds up no other. */
export function noticeQueue(surface: string): string {
  return `notices/${surface}`;
}
