import type { Db } from '../../../infra/db/client.ts'

/** Lets a conversation follow a symbol of an account. */
export async function watch(db: Db, conversationId: number, accountId: number, symbol: string): Promise<void> {
  await db
    .insertInto('watches')
    .values({ conversation_id: conversationId, account_id: accountId, symbol })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** Ends the following of one symbol, or of all. Returns the symbols that were followed. */
export async function unwatch(db: Db, conversationId: number, accountId: number, symbol?: string): Promise<string[]> {
  const rows = await db
    .deleteFrom('watches')
    .where('conversation_id', '=', conversationId)
    .where('account_id', '=', accountId)
    .$if(symbol !== undefined, (query) => query.where('symbol', '=', symbol!))
    .returning('symbol')
    .execute()
  return rows.map((row) => row.symbol).sort()
}
