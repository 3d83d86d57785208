import { vi } from 'vitest'
import type { Reply } from '../../../../src/talk/chat/reply.ts'
import type { TestDesk } from '../../../support/desk.ts'
import type { Someone } from '../someone.ts'

/** Waits until a job has posted a message that matches in somebody's thread, and returns the last such message. */
export async function posted({ posted: all }: TestDesk, { thread }: Someone, what: RegExp): Promise<string> {
  return vi.waitFor(
    () => {
      const texts = all.filter(({ place }) => place.thread === thread).map(({ text }) => text)
      const found = texts.findLast((text) => what.test(text))
      if (found === undefined) throw new Error(`nothing matches ${what} among: ${texts.join('\n---\n')}`)
      return found
    },
    { timeout: 60_000, interval: 50 },
  )
}

/** The list of a run that somebody has started. */
export const listOf = (desk: TestDesk, who: Someone, number: number): Promise<string> =>
  posted(desk, who, new RegExp(`^(🏁|🛑|⚠️) RUN ${number} · `))

/** The message in the outbox that matches, with its buttons and its columns. */
export async function storedReply({ desk }: TestDesk, what: RegExp): Promise<Reply> {
  const rows = await desk.parts.db.selectFrom('replies').select('body').orderBy('id', 'desc').execute()
  const found = rows.find(({ body }) => what.test((body as Reply).text))
  if (!found) throw new Error(`no reply matches ${what}`)
  return found.body as Reply
}
