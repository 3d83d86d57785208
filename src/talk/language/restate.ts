import type { Given } from './slots.ts'

const verbs: Record<string, string> = {
  scaleout: 'scale out',
  long: 'record a long position',
  short: 'record a short position',
  'cancel scaleout': 'cancel the scaleout',
  'close all': 'close every position',
  stop: 'set a stop',
  target: 'set a target',
  bracket: 'set a bracket',
  trail: 'trail the stop',
  breakeven: 'move the stop to breakeven',
  add: 'add to the position',
  move: 'move an order',
  cancel: 'cancel a working order',
}
const fractions: Record<string, string> = {
  '0.5': 'half',
  '1/3': 'a third',
  '2/3': 'two thirds',
  '0.25': 'a quarter',
  '0.75': 'three quarters',
  '1': 'all',
}

/** These say what they are about in the text behind them. */
const isByName = new Set(['use', 'account'])

/** What a command with its slots does, in words: `scale out half of BYND, medium`. Everything that it will be done with is in it. */
export function restate(command: string, given: Given): string {
  const {
    symbol,
    symbols,
    quantity,
    fraction,
    price,
    percent,
    speed,
    now,
    time,
    deadline,
    above,
    below,
    stop,
    target,
  } = given
  const verb = command === 'schedule' ? (verbs[given.side ?? ''] ?? given.side ?? command) : (verbs[command] ?? command)
  const what = symbols?.split(' ').join(' and ') ?? symbol
  const size = quantity ?? (fraction && shareText(fraction))
  const isLevel = ['stop', 'target', 'trail', 'breakeven', 'bracket'].includes(command)
  const joint = command === 'add' || isLevel ? ' for ' : ' '
  const named = isByName.has(command) && given.rest ? ` ${given.rest}` : ''
  const subject =
    size && what ? ` ${size}${quantity ? ' ' : ' of '}${what}` : size ? ` ${size}` : what ? `${joint}${what}` : ''
  const known = new Set(
    'symbol symbols quantity fraction price percent speed now time deadline above below stop target side rest'.split(
      ' ',
    ),
  )
  const details = [
    price && (command === 'stop' || command === 'target' ? `at $${price}` : `@ $${price}`),
    percent && `${percent}%`,
    stop && `stop ${levelText(stop)}`,
    target && `target ${levelText(target)}`,
    above && `if it goes above $${above}`,
    below && `if it goes below $${below}`,
    time && `at ${time}`,
    deadline && `by ${deadline}`,
    now && 'at the market',
    speed,
    ...Object.entries(given).flatMap(([name, value]) => (known.has(name) ? [] : [`${name} ${value}`])),
  ].filter((detail) => detail !== undefined && detail !== '')
  return [`${verb}${named || subject}`, ...details].join(', ').replace(/, @ /, ' @ ')
}

const levelText = (level: string) => (level.endsWith('%') ? level : `$${level}`)

function shareText(fraction: string): string {
  const named = fractions[fraction]
  if (named !== undefined) return named
  return /^[\d.]+$/.test(fraction) ? `${Number((Number(fraction) * 100).toFixed(4))}%` : fraction
}
