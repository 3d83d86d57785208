import { vi } from 'vitest'
import type { TestDesk } from '../support/desk.ts'
import type { Someone } from '../talk/commands/someone.ts'

/** A browser without scripts: it follows forms, keeps cookies, and says what browsers say of a page that sends no referrer. */
export function browser(origin: string) {
  const cookies = new Map<string, string>()
  const ask = async (url: string, init: RequestInit = {}): Promise<Response> => {
    const headers = { cookie: [...cookies].map((pair) => pair.join('=')).join('; '), ...init.headers }
    const response = await fetch(url, { redirect: 'manual', ...init, headers })
    for (const set of response.headers.getSetCookie()) {
      const [name = '', value = ''] = set.split(';')[0]!.split('=')
      cookies.set(name, value)
    }
    return response
  }
  const shown = async (response: Response): Promise<{ status: number; text: string; headers: Headers }> => {
    const to = response.headers.get('location')
    if (response.status === 303 && to?.startsWith('/link/')) return shown(await ask(origin + to))
    return { status: response.status, text: await response.text(), headers: response.headers }
  }
  return {
    cookies,
    open: async (url: string) => shown(await ask(url, { headers: { 'sec-fetch-site': 'none' } })),
    /** Sends a form of a page. */
    send: async (url: string, fields: Record<string, string> = {}, headers: Record<string, string> = {}) =>
      shown(
        await ask(url, {
          method: 'POST',
          body: new URLSearchParams(fields),
          headers: { origin: 'null', 'sec-fetch-site': 'same-origin', ...headers },
        }),
      ),
  }
}

/** The address of the page that `link …` answers with. */
export async function linkOf(person: Someone, words = 'link alpaca'): Promise<string> {
  const [reply] = await person.hear(words)
  const url = /https?:\/\/\S+\/link\/[\w-]{43}/.exec(reply?.text ?? '')?.[0]
  if (!reply?.private || url === undefined) throw new Error(`there is no private link in: ${reply?.text}`)
  return url
}

/** The question that the desk puts to a person in a direct message, as the outbox keeps it. */
export async function linkAskedOf({ desk }: TestDesk, person: Someone) {
  const rows = () =>
    desk.parts.db
      .selectFrom('replies as r')
      .innerJoin('conversations as c', 'c.id', 'r.conversation_id')
      .select(['r.body', 'c.place'])
      .orderBy('r.id', 'desc')
      .execute()
  return vi.waitFor(async () => {
    const row = (await rows()).find(
      ({ body, place }) => place.person === person.name.toUpperCase() && body.question?.id.startsWith('link-'),
    )
    if (!row) throw new Error('nothing was asked')
    return { ...row.body, place: row.place }
  })
}
