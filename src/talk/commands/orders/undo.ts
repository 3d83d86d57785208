import { durationText, quantityText } from '../../../base/format.ts'
import { Refusal } from '../../../base/refusal.ts'
import { announcePosition } from '../../../infra/db/announce.ts'
import { type CarriedOut, carriedOutSince } from '../../../trading/accounts/rows/audit.ts'
import { isLive } from '../../../trading/orders/rules/order-lifecycle.ts'
import {
  lastOfOthers,
  lastSent,
  lastUndoable,
  type Sent,
  type Undoable,
} from '../../../trading/positions/rows/undoables.ts'
import { undo, undoneAlready } from '../../../trading/positions/undo.ts'
import { hearGrammar } from '../../language/classify.ts'
import { symbolsOf } from '../../language/symbols.ts'
import { isNo } from '../../questions/typed-answer.ts'
import { repliesOf } from '../../wording/index.ts'
import type { Command, Hearing } from '../command.ts'

/** An action can be undone for this long, in milliseconds. */
export const undoWithinMs = 60_000

/**
 * The result of `undo`, from the member's last recorded or set thing, their last sent order, and the last `setting` that nothing
 * can undo.
 */
export function nextOfUndo(
  undoable: Undoable | undefined,
  sent: Sent | undefined,
  others: { what: string; name: string } | undefined,
  now: Date,
  setting?: CarriedOut,
): Undoable | Refusal {
  const isLast = (at: Date, ...rest: (Date | undefined)[]) => rest.every((other) => !other || at >= other)
  if (setting && isLast(setting.at, undoable?.at, sent?.at)) return cannotUndoSetting(setting)
  if (sent && isLast(sent.at, undoable?.at)) return cannotUndo(sent)
  if (!undoable) return nothingToUndo(others)
  if (undoable.undoneAt) return undoneAlready(undoable)
  const age = now.getTime() - undoable.at.getTime()
  if (age <= undoWithinMs) return undoable
  const sentence = `The last thing you did, ${undoable.what}, is ${durationText(age)} ago: it can be undone for a minute. Nothing was done.`
  return new Refusal('UNDO_TOO_LATE', sentence, 'Say what is right: record the position again, or set the level')
}

/** An earlier thing is not undone in place of the last one: its member means the last. */
function cannotUndoSetting({ command, text }: CarriedOut): Refusal {
  const sentence = `The last thing you did, \`${text.replaceAll('`', '').slice(0, 60)}\`, cannot be undone. Nothing was done.`
  return new Refusal('CANNOT_UNDO', sentence, `Set it as it was: \`help ${command}\` shows how`)
}

function cannotUndo(sent: Sent): Refusal {
  if (sent.kind === 'later') {
    const instead = sent.isWaiting
      ? `\`schedule cancel ${sent.number}\` takes it back`
      : `\`task ${sent.number}\` shows how it ended`
    return new Refusal('CANNOT_UNDO', `An order for later cannot be undone: ${sent.what}.`, instead)
  }
  const what = `${sent.side === 'sell' ? 'selling' : 'buying'} ${quantityText(sent.quantity)} ${sent.symbol}`
  if (sent.kind === 'scaleout') {
    const instead = sent.isRunning ? `\`cancel scaleout ${sent.symbol}\` ends it` : '`history` shows how it ended'
    return new Refusal('CANNOT_UNDO', `A scaleout cannot be undone: ${what} has begun.`, instead)
  }
  if (isLive(sent) && sent.number !== undefined) {
    const instead = `\`cancel ${sent.number}\` takes it back as long as it is not filled`
    return new Refusal('CANNOT_UNDO', `An order cannot be undone: ${what} was sent, and works.`, instead)
  }
  const ends = { filled: 'was filled', cancelled: 'was cancelled', expired: 'has expired', refused: 'was not taken' }
  const end = sent.state in ends ? ends[sent.state as keyof typeof ends] : 'was sent'
  return new Refusal(
    'CANNOT_UNDO',
    `An order cannot be undone: ${what} ${end}.`,
    sent.state === 'filled' ? 'Trade the other way, or look at `positions`' : '`positions` shows where you are',
  )
}

function nothingToUndo(others: { what: string; name: string } | undefined): Refusal {
  if (others) {
    const sentence = `The last thing here, ${others.what}, was ${others.name}'s: only they can undo it. Nothing was done.`
    return new Refusal('NOT_YOURS_TO_UNDO', sentence)
  }
  return new Refusal(
    'NOTHING_TO_UNDO',
    'There is nothing to undo.',
    'What you record or set can be undone for a minute',
  )
}

/** A setting is looked for this long, in milliseconds. */
const lookedBackMs = 24 * 60 * 60_000

const lookedFrom = (since: Date, now: Date) => new Date(Math.max(since.getTime(), now.getTime() - lookedBackMs))

/** Commands whose acts are kept to be undone, or are orders. */
const known = new Set(
  `undo, long, short, stop, target, trail, breakeven, bracket, buy, sell, add, trim, close, close all, scaleout, schedule, advise`
    .split(',')
    .map((name) => name.trim()),
)

/** The member's last change of something that cannot be undone, such as a setting. Looking at a setting is none, nor is a no. */
async function lastSetting({ parts, registry, speaker }: Hearing, since: Date): Promise<CarriedOut | undefined> {
  const setting = registry.commands.filter(({ name, command }) => command.effect !== 'reads' && !known.has(name))
  const names = setting.map(({ name }) => name)
  const done = await carriedOutSince(parts.db, speaker.memberId, names, since)
  const classifier = { registry, knowsSymbol: symbolsOf(parts.market) }
  for (const one of done) {
    const said = hearGrammar(classifier, one.text).decided?.understood
    if (said?.registered.name === one.command) {
      const { account } = said.registered.command
      if (Object.keys(said.given).length > 0 || (account !== 'sets' && account !== 'none')) return one
    } else if (!isNo(one.text) && !/^(2|\[pressed no\])$/.test(one.text.trim())) return { ...one, text: one.command }
  }
  return undefined
}

export const undoLast: Command = {
  name: 'undo',
  aliases: [],
  phrases: [{ full: 'undo that, take that back, undo last one, revert that, undo last, undo it', thin: 'revert' }],
  description: 'Take back what you recorded or set within the last minute',
  category: 'Orders',
  position: 48,
  effect: 'governs',
  usage: 'undo',
  example: 'undo',
  detail:
    'Takes back what you did last, within a minute: a position that you recorded, added, updated or replaced, or a stop, target, trail, bracket or breakeven. An order that was sent cannot be undone.',
  needs: 'trader',
  account: 'changes',
  options: [],
  async run(hearing) {
    const { parts, speaker } = hearing
    const { accountId, memberId, conversationId } = speaker
    const now = parts.clock.now()
    const [undoable, sent] = await Promise.all([
      lastUndoable(parts.db, accountId, memberId),
      lastSent(parts.db, accountId, memberId),
    ])
    const since = new Date(now.getTime() - undoWithinMs)
    const others = undoable ? undefined : await lastOfOthers(parts.db, conversationId, memberId, since)
    const decided = nextOfUndo(
      undoable,
      sent,
      others,
      now,
      await lastSetting(hearing, lookedFrom(undoable?.at ?? since, now)),
    )
    if (decided instanceof Refusal) return decided
    const undone = await undo(parts, { undoable: decided, memberId, conversationId })
    if (undone instanceof Refusal) return undone
    await Promise.all(undone.positionIds.map((id) => announcePosition(parts, id)))
    return { replies: repliesOf(undone.notices) }
  },
}
