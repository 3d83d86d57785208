import type { OwnerNotice, Unread } from '../../trading/events/notices.ts'
import type { WordingOf } from './wording-of.ts'

export const ownerWording = {
  'event.unreadable': ({ type, id, ...unread }) =>
    `The details of an event (${type}, ${id}) cannot be read. ${doneText(unread)}`,
  'event.unknown': ({ type, id }) =>
    `A critical event (${type}, ${id}) is not known to this version of the desk, or names no position. Nothing was done about it; it waits for a version that knows it. Look at the positions yourself.`,
  'job.unreadable': ({ queue, job }) =>
    `A job of the queue ${queue} (${job}) cannot be read. It was left out; the sweep does what it was about.`,
  'reply.unreadable': ({ row }) => `A message in the outbox (row ${row}) cannot be read. It was not posted.`,
} satisfies WordingOf<OwnerNotice>

/** The sentence for owners, without the mark that it is for them. */
export function ownerText(notice: OwnerNotice): string {
  return ownerWording[notice.kind](notice as never)
}

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
