import type { Allowance } from '../broker/answering.ts'

/** A limit of requests by one user: so many in each window, which begins with its first request. */
interface Limit {
  name: string
  path: RegExp
  most: number
  windowMs: number
}

const minuteMs = 60_000
const account = '/v3/brokerage/accounts/[^/]+'

/** The published limits by kind of resource. Placements have none. */
const published: Limit[] = [
  { name: 'accounts', path: /^\/v3\/brokerage\/accounts$/, most: 250, windowMs: 5 * minuteMs },
  { name: 'balances', path: new RegExp(`^${account}/(bod)?balances$`), most: 250, windowMs: 5 * minuteMs },
  { name: 'positions', path: new RegExp(`^${account}/positions$`), most: 250, windowMs: 5 * minuteMs },
  { name: 'orders', path: new RegExp(`^${account}/(historical)?orders`), most: 250, windowMs: 5 * minuteMs },
  { name: 'quotes', path: /^\/v3\/marketdata\/quotes\//, most: 30, windowMs: minuteMs },
  { name: 'quote streams', path: /^\/v3\/marketdata\/stream\/quotes\//, most: 500, windowMs: 5 * minuteMs },
  { name: 'bars', path: /^\/v3\/marketdata\/(stream\/)?barcharts\//, most: 500, windowMs: 5 * minuteMs },
  { name: 'depth streams', path: /^\/v3\/marketdata\/stream\/marketdepth\//, most: 30, windowMs: minuteMs },
  { name: 'option expirations', path: /^\/v3\/marketdata\/options\/expirations\//, most: 90, windowMs: minuteMs },
  { name: 'option strikes', path: /^\/v3\/marketdata\/options\/strikes\//, most: 90, windowMs: minuteMs },
  { name: 'option chains', path: /^\/v3\/marketdata\/stream\/options\/chains\//, most: 90, windowMs: minuteMs },
  { name: 'option quotes', path: /^\/v3\/marketdata\/stream\/options\/quotes$/, most: 90, windowMs: minuteMs },
]

/** The kinds of resource with a limit. */
export type LimitName = (typeof published)[number]['name']

/** Limits users to so many requests of a kind; `other` numbers stand in place of the published ones. */
export function createRateLimits(
  now: () => Date,
  { isLimited, other }: { isLimited: boolean; other: Record<string, number> },
): (user: string, path: string) => Allowance {
  const windows = new Map<string, { endsAt: number; used: number }>()
  return (user, path): Allowance => {
    const limit = published.find((one) => one.path.test(path))
    const most = limit && (other[limit.name] ?? (isLimited ? limit.most : undefined))
    if (!limit || most === undefined) return { isAllowed: true, headers: {} }
    const at = now().getTime()
    const key = `${limit.name} ${user}`
    const known = windows.get(key)
    const window = known && known.endsAt > at ? known : { endsAt: at + limit.windowMs, used: 0 }
    windows.set(key, window)
    const isAllowed = window.used < most
    if (isAllowed) window.used++
    return {
      isAllowed,
      headers: {
        'X-RateLimit-Limit': String(most),
        'X-RateLimit-Remaining': String(most - window.used),
        'X-RateLimit-Reset': String(Math.ceil(window.endsAt / 1000)),
      },
    }
  }
}
