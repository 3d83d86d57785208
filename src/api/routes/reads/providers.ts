import { Refusal } from '../../../base/refusal.ts'
import type { SourceSeen } from '../../../watch/sources/rules/merge.ts'
import { presentSources, visibleTo } from '../../../watch/sources/sources.ts'
import { wordOf } from '../../../watch/sources/told.ts'
import type { Provider } from '../../contract/providers.ts'
import type { Context, Handlers } from '../context.ts'
import { allOf } from './pages.ts'

export const providerReads: Pick<Handlers, 'providers' | 'providerStatus'> = {
  providers: async (context) => allOf((await seen(context)).map((one) => item(one, context.parts.clock.now()))),
  async providerStatus(context, { params }) {
    const all = await seen(context)
    const wanted = params.name.toLowerCase()
    const named = all.find(({ name }) => name.toLowerCase() === wanted)
    // A program that asks for `alpaca` must not read that all is well while one of its connections is lost.
    const found = named ?? all.filter(({ name }) => wordOf(name) === wanted).sort(byState)[0]
    if (found) return item(found, context.parts.clock.now())
    const names = all.map(({ name }) => name).join(', ')
    return new Refusal('NOT_FOUND', `There is no provider ${params.name}.`, `There are ${names}`)
  },
}

async function seen({ parts, caller, accounts }: Context): Promise<SourceSeen[]> {
  const { sources } = await presentSources(parts)
  return visibleTo(sources, { isOwner: caller.by.kind === 'session' && caller.role === 'owner', accounts })
}

/** The worst one first. */
const byState = (one: SourceSeen, other: SourceSeen) => worth(one) - worth(other)
const worth = ({ isConnected, isAuthenticated }: SourceSeen) => Number(isConnected) + Number(isAuthenticated !== false)

function item(source: SourceSeen, now: Date): Provider {
  const {
    name,
    isConnected,
    isAuthenticated,
    expiresAt,
    heardAt,
    delayMs = 0,
    feed,
    faults,
    lastFault,
    budget,
  } = source
  const seconds = (ms: number) => Math.round(ms / 100) / 10
  return {
    name,
    connected: isConnected,
    authenticated: isAuthenticated ?? null,
    expires_in: expiresAt ? Math.max(0, Math.floor((expiresAt.getTime() - now.getTime()) / 1000)) : null,
    heard_at: heardAt?.toISOString() ?? null,
    age_seconds: heardAt ? seconds(Math.max(0, now.getTime() - heardAt.getTime())) : null,
    delay_seconds: seconds(delayMs),
    feed: feed ?? null,
    faults,
    last_fault: lastFault ? { at: lastFault.at.toISOString(), words: lastFault.words } : null,
    budget: budget ? { left: budget.left, of: budget.of, per_seconds: budget.perMs / 1000 } : null,
    seen_by: source.seenBy,
  }
}
