import { say } from '../../state/saying.ts'
import { mayTrade } from '../../state/session.ts'
import { typeFor } from '../say.tsx'

/** The buttons that lead on from a symbol. An order is typed into the line to the desk, which asks for what is missing. */
export function HitActs({ symbol }: { symbol: string }) {
  return (
    <>
      <button type="button" onClick={() => void say({ text: `watch ${symbol}` }, `watch ${symbol}`)}>
        Watch<span class="hidden"> {symbol}</span>
      </button>
      {mayTrade.value && (
        <button type="button" onClick={() => typeFor(`buy ${symbol} `)}>
          Buy …<span class="hidden"> {symbol}</span>
        </button>
      )}
    </>
  )
}
