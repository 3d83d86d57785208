import type { Given } from '../classify/slots.ts'
import { type PlainSpeed, paces, type Speed } from '../trading/scaleout-plan.ts'
import { type Ask, choose, numbered } from './command.ts'

export const plainSpeeds: PlainSpeed[] = ['fast', 'medium', 'slow']
export const speeds: Speed[] = [...plainSpeeds, 'smart']

/** The speed that was named, if one was. */
export function speedIn(given: Given): Speed | undefined {
  return speeds.find((one) => one === given.speed)
}

/** Asks for the speed of what is described in `about`, out of those that there are. */
export function askSpeed(about: string[], given: Given, offered: Speed[] = speeds): Ask {
  const text = [
    '📉 INTERACTIVE SCALEOUT',
    ...about,
    '',
    'How fast should I scale out?',
    numbered(offered.map(speedLine)),
    '',
    `💡 Reply with ${hint(offered.length)}`,
  ].join('\n')
  const choices = offered.map((one) => ({ value: one, label: one.toUpperCase(), aliases: [one.slice(0, 3)] }))
  return choose('speed', 'How fast?', text, choices, given)
}

function speedLine(speed: Speed): string {
  if (speed === 'smart') return 'SMART - With volume and volatility, 10 minutes to an hour (10-20 chunks)'
  const { chunks, text } = paces[speed]
  return `${speed.toUpperCase()} - Next ${text} (${chunks.least}-${chunks.most} chunks)`
}

function hint(count: number): string {
  const numbers = Array.from({ length: count }, (_, index) => index + 1)
  return `${numbers.slice(0, -1).join(', ')} or ${count}`
}
