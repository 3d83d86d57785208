import { clockText } from '../../runs/rules/progress.ts'
import { type Progress, sentenceOf } from './tracker.ts'

const longestBar = 24

/**
 * One line on a terminal that is `columns` wide:
 * `▰▰▰▰▰▰▰▰▱▱▱▱   67%  Scoring: NVDA  163/244  12 hits  4,100/s  00:00:01 left`. Parts that do not fit are left out from
 * the right, but for the percentage.
 */
export function barLine(progress: Progress, columns: number): string {
  const { percent, done, of, perSecond, remainingMs, passed } = progress
  const share = Math.min(1, Math.max(0, percent / 100))
  const width = Math.max(4, Math.min(longestBar, Math.floor(columns / 4)))
  const full = Math.floor(share * width)
  const bar = `${'▰'.repeat(full)}${'▱'.repeat(width - full)}`
  const parts = [
    bar,
    `${Math.floor(percent).toString().padStart(3)}%`,
    sentenceOf(progress),
    `${done}/${of}`,
    `${passed} ${passed === 1 ? 'hit' : 'hits'}`,
    ...(perSecond === undefined ? [] : [`${Math.round(perSecond).toLocaleString('en-US')}/s`]),
    ...(remainingMs === undefined ? [] : [`${clockText(remainingMs)} left`]),
  ]
  // The last column stays empty: terminals wrap there.
  while (parts.length > 2 && parts.join('  ').length >= columns) parts.pop()
  return parts.join('  ').slice(0, Math.max(0, columns - 1))
}
