import { z } from 'zod'
import { row } from './row.ts'
import { done, id, inMoney, moment, page, whole } from './shapes.ts'

const role = z.enum(['viewer', 'trader', 'owner'])
const kind = z.enum(['paper', 'live', 'backtest'])

/** An account in a list of the member's own. */
export const accountName = z.object({ id, name: z.string(), kind, role, ...inMoney })

export const me = z.object({
  member: z.object({ id, name: z.string(), role }),
  /** The origin of this caller's acts: `web:12`, `token:robot`. */
  origin: z.string(),
  /** May this caller trade? Neither a viewer nor a token that only reads may. */
  trades: z.boolean(),
  accounts: z.array(accountName),
  /** The account that is meant when none is named; null while the member has none. */
  account: id.nullable(),
  /** The time zone in which the member wants to see times. */
  zone: z.string(),
  timeScale: z.number().meta({
    description: 'Planned milliseconds that pass in a real one: 1, or more in a demonstration on a simulated market',
  }),
  /** The present moment on the desk's clock. */
  now: moment,
})

const session = z.object({
  id,
  isThis: z.boolean(),
  name: z.string().meta({ description: 'The browser in words, as in chat', examples: ['Chrome on Linux'] }),
  device: z.string().meta({ description: 'The browser, as it names itself' }),
  createdAt: moment,
  usedAt: moment,
  endsAt: moment,
})

export const accessRows = {
  login: row({
    method: 'POST',
    path: '/api/login',
    summary: 'Turns the one-time token of a link of `dashboard` into a session: a cookie',
    needs: 'nobody',
    body: z.strictObject({ token: z.string().max(200) }),
    answer: me,
  }),
  logout: row({
    method: 'POST',
    path: '/api/logout',
    summary: 'Ends this session',
    needs: 'reads',
    bySession: true,
    answer: z.object({ ended: z.literal(true) }),
  }),
  me: row({ method: 'GET', path: '/api/me', summary: 'The caller', needs: 'reads', answer: me }),
  sessions: row({
    method: 'GET',
    path: '/api/sessions',
    summary: "The member's open sessions of the page",
    needs: 'reads',
    bySession: true,
    answer: page(session),
  }),
  endSession: row({
    method: 'DELETE',
    path: '/api/sessions/{id}',
    summary: "Ends a session of the member's own",
    needs: 'reads',
    bySession: true,
    params: z.strictObject({ id: whole(1, Number.MAX_SAFE_INTEGER) }),
    answer: done,
  }),
  streamToken: row({
    method: 'POST',
    path: '/api/stream/tokens',
    summary: 'A token for one stream of the older shape, good for a minute',
    needs: 'reads',
    answer: z.object({ token: z.string(), endsAt: moment }),
  }),
}

export type Me = z.infer<typeof me>
export type AccountName = z.infer<typeof accountName>
