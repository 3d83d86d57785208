import { featuresOfNumber, numbersIn } from '../../src/talk/language/number-features.ts'
import { type NumberRole, numberRoles } from '../../src/talk/language/number-roles.ts'
import { tokenise } from '../../src/talk/language/tokens.ts'
import { type Chance, chanceOf, numberOf } from '../random.ts'
import { type Frame, readFrames } from './frames.ts'
import type { Example } from './network.ts'
import { slots } from './slots.ts'
import { varied } from './vary.ts'

/** The commands whose numbers the reader learns. */
const labels = new Set('buy sell add trim close scaleout long short stop target trail bracket move schedule'.split(' '))

/** The times that each frame is filled. */
const times = 8

/** A mark in front of a slot's text, and one behind it. */
const begin = 0xe000
const end = '\ue0ff'

/** Makes the examples of the reader from the frames with slots for numbers. A frame whose own words have digits makes none. */
export function roleExamples(seed: number, isSymbol: (word: string) => boolean): (Example & { dev: boolean })[] {
  return readFrames()
    .frames.filter(({ label, text }) => labels.has(label) && /\{[^}]+\}/.test(text))
    .filter(({ text }) => !/\d/.test(text.replace(/\{[^}]*\}/g, '')))
    .flatMap((frame) => examplesOf(frame, seed, isSymbol))
}

function examplesOf(frame: Frame, seed: number, isSymbol: (word: string) => boolean): (Example & { dev: boolean })[] {
  const chance = chanceOf(numberOf(`roles ${frame.label}\n${frame.text}`) ^ seed)
  const found: (Example & { dev: boolean })[] = []
  for (let time = 0; time < times; time++) {
    const marked = marks(frame, chance)
    if (marked === undefined) return []
    const text = time === 0 ? marked : varied(marked, frame.label, chance)
    const { tokens } = tokenise(text.replace(/[\ue000-\ue0ff]/g, ''))
    const numbers = numbersIn(tokens)
    const roles = rolesByWord(text)
    for (const [index, { at }] of numbers.entries()) {
      const role = roles.find(({ from, to }) => at >= from && at < to)?.role ?? 'other'
      found.push({
        rows: featuresOfNumber(tokens, numbers, index, frame.label, isSymbol),
        label: numberRoles.indexOf(role),
        dev: frame.dev,
      })
    }
  }
  return found
}

/** The roles of the words of a text with marks, by their indexes. */
function rolesByWord(text: string): { from: number; to: number; role: NumberRole }[] {
  const clean = (some: string) => some.replace(/[\ue000-\ue0ff]/g, '')
  return [...text.matchAll(/([\ue000-\ue0fe])([^\ue0ff]*)\ue0ff/g)].map(({ 0: all, 1: mark, index }) => ({
    from: tokenise(clean(text.slice(0, index))).tokens.length,
    to: tokenise(clean(text.slice(0, index + all.length))).tokens.length,
    role: numberRoles[mark!.charCodeAt(0) - begin]!,
  }))
}

/** A frame with its choices made and its slots filled between marks; undefined when the role of a slot is not clear. */
function marks({ label, text }: Frame, chance: Chance): string | undefined {
  const chosen = text.replace(/\[([^\]]*)\]/g, (_, choices: string) => chance.pick(choices.split('|')))
  let isClear = true
  const marked = chosen.replace(/\{([^}]+)\}/g, (_, name: string, at: number) => {
    const filled = slots[name]!(chance)
    const role = roleOf(label, name, chosen, at)
    if (role === 'unclear') isClear = false
    if (role === undefined || role === 'unclear') return filled
    return `${String.fromCharCode(begin + numberRoles.indexOf(role))}${filled}${end}`
  })
  return isClear ? marked : undefined
}

const ofStop = /\b(stop|stops|sl|stp|loss|downside|below|under|low|lower|floor|risk)\b/g
const ofTarget = /\b(target|tp|tgt|pt|profit|gain|above|over|upside|high|upper|ceiling|goal|objective|reward|limit)\b/g

function roleOf(label: string, slot: string, frame: string, at: number): NumberRole | 'unclear' | undefined {
  if (slot === 'n') return 'quantity'
  if (slot === 'frac') return 'share'
  if (['at', 'by', 'time', 'dur'].includes(slot)) return 'time'
  if (slot === 'num') return label === 'trail' ? 'unclear' : 'other'
  if (slot === 'dollars') return 'dollars'
  const isPercent = slot === 'pct'
  if (!isPercent && slot !== 'p' && slot !== '@p') return undefined
  if (label === 'bracket') return levelOf(frame, at)
  if (label === 'trail') return isPercent ? 'distance' : 'unclear'
  if (label === 'stop' || label === 'target') return isPercent ? 'distance' : 'price'
  if (isPercent) return 'share'
  const before = frame.slice(0, at).replace(/\{[^}]*\}/g, '')
  const [level] = /\b(stop|sl|target|tp)( at| of)? ?$/.exec(before) ?? []
  return level === undefined ? 'price' : /^s/.test(level) ? 'stop' : 'target'
}

/** Is a slot of a bracket its stop or its target: by the words between it and the next slot, or else by its order? */
function levelOf(frame: string, at: number): NumberRole | 'unclear' {
  const levels = [...frame.matchAll(/\{(p|@p|pct)\}/g)].map(({ index }) => index)
  if (levels.length !== 2) return levels.length === 1 ? 'unclear' : 'unclear'
  const [first, second] = levels as [number, number]
  const name = (some: string) => {
    const stop = [...some.matchAll(ofStop)].length
    const target = [...some.matchAll(ofTarget)].length
    return stop === target ? undefined : stop > target ? 'stop' : 'target'
  }
  const length = frame.slice(first).indexOf('}') + 1
  const parts = [
    frame.slice(0, first),
    frame.slice(first + length, second),
    frame.slice(second).replace(/^\{[^}]*\}/, ''),
  ]
  const [ahead, between, behind] = parts.map((part) =>
    part.replace(/\{[^}]*\}/g, ' ').replace(/\b(both|bracket|brkt|oco)\b/g, ' '),
  )
  const isBehind = name(ahead!) === undefined && name(behind!) !== undefined
  // Names stand before their numbers, or both behind them.
  const one = isBehind ? (name(between!) ?? opposite(name(behind!))) : (name(ahead!) ?? opposite(name(between!)))
  const role = one ?? 'stop'
  return at === first ? role : opposite(role)!
}

const opposite = (role: 'stop' | 'target' | undefined) =>
  role === undefined ? undefined : role === 'stop' ? ('target' as const) : ('stop' as const)
