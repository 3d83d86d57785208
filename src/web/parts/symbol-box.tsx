import { useSignal } from '@preact/signals'
import { call } from '../state/call.ts'
import { chart } from '../state/chart.ts'
import { symbolMeant } from '../words/symbol-meant.ts'

/** A pause in typing, in milliseconds, after which suggestions are asked for. */
const pauseMs = 250
let pausing: ReturnType<typeof setTimeout> | undefined

const find = async (like: string) => (await call('instruments', { query: { like: like.trim() } })).items

/** Takes another symbol for the chart, by its letters or by a name, with suggestions. */
export function SymbolBox() {
  const listed = useSignal<{ symbol: string; name: string }[]>([])
  const asked = useSignal<{ typed: string; suggestions: { symbol: string; name: string }[] } | undefined>(undefined)
  const take = (symbol: string) => {
    chart.value = symbol
    asked.value = undefined
  }
  async function read(typed: string): Promise<void> {
    // Without an answer the market says itself whether it knows the symbol.
    const meant = symbolMeant(typed, await find(typed).catch(() => []))
    if ('symbol' in meant) take(meant.symbol)
    else asked.value = { typed, suggestions: 'suggestions' in meant ? meant.suggestions : [] }
  }
  return (
    <>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          const input = event.currentTarget.elements.namedItem('symbol') as HTMLInputElement
          if (input.value.trim()) void read(input.value)
          input.value = ''
        }}
      >
        <label class="hidden" for="chart-symbol">
          Another symbol
        </label>
        <input
          id="chart-symbol"
          name="symbol"
          list="chart-symbols"
          size={8}
          maxLength={32}
          placeholder="Symbol"
          autocomplete="off"
          onInput={({ currentTarget: { value } }) => {
            clearTimeout(pausing)
            if (!value.trim()) return
            pausing = setTimeout(() => {
              find(value).then(
                (found) => {
                  listed.value = found
                },
                () => {},
              )
            }, pauseMs)
          }}
        />
        <datalist id="chart-symbols">
          {listed.value.map(({ symbol, name }) => (
            <option key={symbol} value={symbol}>
              {name}
            </option>
          ))}
        </datalist>
      </form>
      {asked.value && (
        <div class="acts suggestions" role="status">
          <span>
            {asked.value.suggestions.length > 0
              ? `Which one is “${asked.value.typed}”?`
              : `The market has nothing like “${asked.value.typed}”.`}
          </span>
          {asked.value.suggestions.map(({ symbol, name }) => (
            <button key={symbol} type="button" title={name} onClick={() => take(symbol)}>
              {symbol}
            </button>
          ))}
        </div>
      )}
    </>
  )
}
