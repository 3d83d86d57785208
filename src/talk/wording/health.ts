import { durationText } from '../../base/format.ts'
import type { Health, ShownHealth } from '../../watch/health/ask-health.ts'

const signs = { ok: '✓', warn: '⚠️', down: '✗' }

/** The health of the desk: a line for each part, and what stops because of one that is down. */
export function healthText({ parts, isUnwatched }: Health, now: Date): string {
  const down = parts.filter(({ state }) => state === 'down').length
  const warned = parts.filter(({ state }) => state === 'warn').length
  const head = [
    down > 0 && `${down} down`,
    warned > 0 && `${warned} to look at`,
    down + warned === 0 && parts.length > 0 && 'all in order',
  ].filter(Boolean)
  return [
    `🩺 HEALTH${head.length > 0 ? ` - ${head.join(', ')}` : ''}`,
    ...(isUnwatched ? [unwatchedLine(parts, now)] : []),
    ...parts.map((part) => partText(part, now)),
  ].join('\n')
}

function partText({ name, machine, state, words, since, stops }: ShownHealth, now: Date): string {
  const where = machine ? `${name} of ${machine}` : name
  const line = `${signs[state]} ${where}: ${words}`
  if (state === 'ok') return line
  const age = `for ${durationText(Math.max(0, now.getTime() - since.getTime()))}`
  return state === 'down' ? `${line} · ${age}. ${stops}` : `${line} · ${age}`
}

function unwatchedLine(parts: ShownHealth[], now: Date): string {
  const last = Math.max(...parts.map(({ lookedAt }) => lookedAt.getTime()))
  const how = parts.length > 0 ? `it was so ${durationText(Math.max(0, now.getTime() - last))} ago` : 'nothing is known'
  return `⚠️ Not every part was looked at now: no worker runs, or it is busy; ${how}`
}
