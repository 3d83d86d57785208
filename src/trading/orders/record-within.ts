import type { Trx } from '../../infra/db/client.ts'
import type { Parts } from '../parts.ts'
import type { AfterNews } from './after-news.ts'
import { type OrderNews, recordTogether } from './record-news.ts'

/**
 * Records news of one order within a transaction that has locked the account and the position of the order. Returns the work to do
 * after the commit.
 */
export async function recordWithin(trx: Trx, parts: Parts, heard: OrderNews, at: Date): Promise<AfterNews> {
  const [answer] = await recordTogether(trx, parts, [{ ...heard, withAccount: true }], at)
  if (answer === undefined || typeof answer === 'string' || 'movedTo' in answer)
    throw new Error(`news of order ${heard.order.id} was not recorded under its locks`)
  return answer.after
}
