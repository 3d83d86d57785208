import { durationText, exactText } from '../../base/format.ts'
import type { OutageFacts, OwnerNotice, Unread } from '../../trading/events/notices.ts'
import type { WordingOf } from './wording-of.ts'

export const ownerWording = {
  'event.unreadable': ({ type, id, ...unread }) =>
    `The details of an event (${type}, ${id}) cannot be read. ${doneText(unread)}`,
  'event.unknown': ({ type, id }) =>
    `A critical event (${type}, ${id}) is not known to this version of the desk, or names no position. Nothing was done about it; it waits for a version that knows it. Look at the positions yourself.`,
  'job.unreadable': ({ queue, job }) =>
    `A job of the queue ${queue} (${job}) cannot be read. It was left out; the sweep does what it was about.`,
  'reply.unreadable': ({ row }) => `A message in the outbox (row ${row}) cannot be read. It was not posted.`,
  'source.lost': ({ source, because, since, ...facts }) =>
    `${source} does not answer since ${exactText(since)}: ${because}. ${dependentText(facts)} \`sources\` shows all of them; members whose positions depend on it are told.`,
  'source.back': ({ source, since, until }) =>
    `${source} answers again, after ${durationText(until.getTime() - since.getTime())} (since ${exactText(since)} it did not).`,
  'health.down': ({ check, words, stops, since }) =>
    `HEALTH: ${check} is down since ${exactText(since)}: ${words}. ${stops} \`health\` shows all parts.`,
  'health.back': ({ check, words, since, until }) =>
    `HEALTH: ${check} is back after ${durationText(until.getTime() - since.getTime())} (down since ${exactText(since)}): ${words}.`,
  'model.off': ({ model, code, because }) =>
    `The ${model} is switched off (${code}): ${because}. ${model === 'policy' ? 'It gives no signals' : 'Nothing is forecast'} until \`model on ${model}\`; orders, stops and the guardian go on without it.`,
} satisfies WordingOf<OwnerNotice>

/** The sentence for owners, without the mark that it is for them. */
export function ownerText(notice: OwnerNotice): string {
  return ownerWording[notice.kind](notice as never)
}

function dependentText({ alone, replaced }: Pick<OutageFacts, 'alone' | 'replaced'>): string {
  if (alone > 0) return `Nothing takes its place for ${positionsText(alone)}: their levels are not watched.`
  return replaced > 0
    ? `Another source takes its place for ${positionsText(replaced)}.`
    : 'No open position depends on it.'
}

const positionsText = (count: number) => `${count} open ${count === 1 ? 'position' : 'positions'}`

function doneText(unread: Unread): string {
  switch (unread.done) {
    case 'told':
      return 'It was told without them.'
    case 'told as it is':
      return 'It was told as it is; the guardian proposed nothing.'
    case 'account closed':
      return 'The account is halted and closed all the same.'
    case 'position closed':
      return `The position in ${unread.symbol} is closed all the same.`
  }
}
