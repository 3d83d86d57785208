import { Refusal } from '../../../base/refusal.ts'
import { pageAddress } from '../../../trading/access/page-address.ts'
import type { Place } from '../../chat/place.ts'
import type { Hearing } from '../command.ts'

/** The address of the page; refused while no process serves it. */
export async function servedPage({ redis }: Hearing['parts']): Promise<string | Refusal> {
  const address = await pageAddress(redis).catch(() => undefined)
  if (address !== undefined) return address
  const sentence = 'No process of the desk serves the page now, or the desk has just begun. Nothing was done.'
  return new Refusal(
    'NO_PAGE_SERVED',
    sentence,
    'Try again in a moment; `npm start` serves it, and so does the role `web`',
  )
}

/** A line for people on another machine, when the address is one of the desk's own machine. */
export function onlyHere(address: string, { door }: Place): string[] {
  const isLocal = /^https?:\/\/(127\.|localhost|\[::1\])/.test(address)
  return isLocal && door !== 'terminal'
    ? ['⚠️ This address is one of the machine of the desk. PUBLIC_URL and HOST open the page to others (docs/api.md)']
    : []
}

/** The refusal of what gives rights, when it is said over the page or the API: a right must not make others. */
export function onlyInChat({ place }: Hearing, name: string): Refusal | undefined {
  if (place.door !== 'web') return undefined
  return new Refusal(
    'SAY_IN_CHAT',
    `\`${name}\` is for chat: over the page or the API it would hand on what opened it. Nothing was done.`,
    'Say it in a thread, or in a direct message',
  )
}
