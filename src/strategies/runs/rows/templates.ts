import { sql } from 'kysely'
import type { Db, Trx } from '../../../infra/db/client.ts'

/** A strategy with parameters under a name of its member's. */
export interface Template {
  name: string
  strategy: string
  parameters: Record<string, unknown>
  savedAt: Date
}

/** The most templates of a member. */
export const mostTemplates = 50

/** Saves a template; one of the same name, in any letter case, is `replaced`. */
export async function putTemplate(
  trx: Trx,
  memberId: number,
  { name, strategy, parameters }: Omit<Template, 'savedAt'>,
  at: Date,
): Promise<{ template: Template; replaced?: Template } | 'too many'> {
  await sql`select from members where id = ${memberId} for no key update`.execute(trx)
  const known = await templatesOf(trx, memberId)
  const replaced = known.find((one) => one.name.toLowerCase() === name.toLowerCase())
  if (!replaced && known.length >= mostTemplates) return 'too many'
  await sql`
    insert into strategy_templates (member_id, name, strategy, parameters, saved_at)
    values (${memberId}, ${name}, ${strategy}, ${JSON.stringify(parameters)}, ${at})
    on conflict (member_id, lower(name)) do update
    set name = excluded.name, strategy = excluded.strategy, parameters = excluded.parameters, saved_at = excluded.saved_at`.execute(
    trx,
  )
  return { template: { name, strategy, parameters, savedAt: at }, ...(replaced && { replaced }) }
}

/** The templates of a member, by name. */
export async function templatesOf(db: Db, memberId: number): Promise<Template[]> {
  const rows = await templates(db, memberId).orderBy(sql`lower(name)`).execute()
  return rows.map(({ saved_at, ...template }) => ({ ...template, savedAt: saved_at }))
}

/** The template of a name, in any letter case. */
export async function templateOf(db: Db, memberId: number, name: string): Promise<Template | undefined> {
  const row = await templates(db, memberId).where(sql<boolean>`lower(name) = ${name.toLowerCase()}`).executeTakeFirst()
  if (!row) return undefined
  const { saved_at, ...template } = row
  return { ...template, savedAt: saved_at }
}

/** Removes a template. False when the member has none of this name. */
export async function deleteTemplate(db: Db, memberId: number, name: string): Promise<boolean> {
  const gone = await db
    .deleteFrom('strategy_templates')
    .where('member_id', '=', memberId)
    .where(sql<boolean>`lower(name) = ${name.toLowerCase()}`)
    .executeTakeFirst()
  return gone.numDeletedRows > 0n
}

const templates = (db: Db, memberId: number) =>
  db
    .selectFrom('strategy_templates')
    .select(['name', 'strategy', 'parameters', 'saved_at'])
    .where('member_id', '=', memberId)
