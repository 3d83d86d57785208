import Big from 'big.js'
import type { Scaleout } from '../../api/contract/scaleouts.ts'
import { units } from './money.ts'

/**
 * `2 of 10 chunks, 500 of 2,643`; and what is left where the position has less: `, only 643 left`. `open` is the quantity of the
 * position, some of which may have been closed beside the scaleout.
 */
export function scaleoutWords(
  { doneChunks, chunks, done, quantity }: Pick<Scaleout, 'doneChunks' | 'chunks' | 'done' | 'quantity'>,
  open: string,
): string {
  const words = `${doneChunks} of ${chunks} chunks, ${units(done)} of ${units(quantity)}`
  return new Big(quantity).minus(done).gt(open) ? `${words}, only ${units(open)} left` : words
}
