import { exchangeZone } from '../../../base/zone.ts'
import { type Context, WithHeaders } from '../context.ts'

/**
 * An answer that browsers keep as a file. The mark before a table tells programs for tables that it is UTF-8; programs of other
 * kinds take JSON lines.
 */
export function asFile(name: string, text: string): WithHeaders<string> {
  const marked = name.endsWith('.csv') ? `\uFEFF${text}` : text
  return new WithHeaders(marked, { 'content-disposition': `attachment; filename="${name}"` })
}

/** `fills-swing-2026-11-30.csv`: what is in a file, the account by its name unless it is of several, and the member's day. */
export function fileName(
  { accounts, parts, caller }: Pick<Context, 'accounts' | 'parts' | 'caller'>,
  what: string,
  { accountId, ending }: { accountId?: number; ending: 'csv' | 'jsonl' },
): string {
  const account = accounts.find(({ id }) => id === accountId)?.name.replaceAll(/[^A-Za-z0-9]+/g, '-')
  const day = new Intl.DateTimeFormat('sv-SE', { timeZone: caller.timeZone ?? exchangeZone }).format(parts.clock.now())
  return `${[what, account, day].filter(Boolean).join('-')}.${ending}`
}

/** JSON lines. */
export const linesOf = (items: readonly object[]): string => items.map((item) => `${JSON.stringify(item)}\n`).join('')
