/** A direct message about something that has ended in the background. */
export function endText(text: string): string {
  return `🔔 ${text}\n💡 \`history\` shows how it went, \`notify off\` ends these messages`
}
