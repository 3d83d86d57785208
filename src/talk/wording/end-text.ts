/** The text of a direct message about background work that has ended. */
export function endText(text: string): string {
  return `🔔 ${text}\n💡 \`history\` shows how it went, \`notify off\` ends these messages`
}
