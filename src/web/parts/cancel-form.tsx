import { signal } from '@preact/signals'
import { useMemo } from 'preact/hooks'
import { createAct, keptForm } from '../state/act.ts'
import type { About } from '../state/asking.ts'
import { call } from '../state/call.ts'
import { priceOf } from '../state/desk.ts'
import { accountId } from '../state/session.ts'
import { price } from '../words/money.ts'
import { typedNumber } from '../words/typed.ts'
import { InAccount } from './in-account.tsx'
import { LeaveButton } from './leave-button.tsx'
import { Outcome } from './outcome.tsx'

type Taken = Extract<About, { kind: 'cancel scaleout' | 'cancel order' | 'move order' }>

function newForm(about: Taken) {
  const to = signal(about.kind === 'move order' ? about.price : '')
  const query = { account: accountId.value ?? undefined }
  const act = createAct((key) => {
    if (about.kind === 'cancel scaleout') return call('cancelScaleout', { params: { id: about.scaleout } }, key)
    const params = { number: about.number }
    if (about.kind === 'cancel order') return call('cancelOrder', { params, query }, key)
    return call('moveOrder', { params, query, body: { price: typedNumber(to.value, 'price') ?? '' } }, key)
  })
  return { to, act }
}

/** Takes a scaleout or an order back, or moves an order. */
export function CancelForm({ about }: { about: Taken }) {
  const { to, act } = useMemo(
    () => keptForm(JSON.stringify({ ...about, in: accountId.value }), () => newForm(about)),
    [],
  )
  const { acting, go } = act
  const { state } = acting.value
  return (
    <form
      class="act"
      onSubmit={(event) => {
        event.preventDefault()
        void go()
      }}
    >
      <p>
        {about.kind === 'cancel scaleout'
          ? 'The chunks that are done stay done; the ones that wait are dropped.'
          : `${about.what}. The filled part stays filled.`}
        <InAccount />
        {about.kind === 'move order' && <Now symbol={about.symbol} />}
      </p>
      {about.kind === 'move order' && state !== 'done' && (
        <label class="field">
          <span>New price</span>
          <input
            inputMode="decimal"
            autoFocus
            disabled={state === 'sent' || state === 'unknown'}
            value={to.value}
            onInput={({ currentTarget }) => {
              to.value = currentTarget.value
            }}
          />
        </label>
      )}
      <Outcome acting={acting.value} />
      <div class="acts">
        {state !== 'done' && (
          <button
            type="submit"
            class={about.kind === 'move order' ? 'primary' : 'danger'}
            disabled={state === 'sent'}
            autoFocus={about.kind !== 'move order'}
          >
            {state === 'unknown' ? 'Ask again' : about.kind === 'move order' ? 'Move it' : 'Cancel it'}
          </button>
        )}
        <LeaveButton isDone={state === 'done'} />
      </div>
    </form>
  )
}

/** The present price of the symbol of an order. */
function Now({ symbol }: { symbol: string }) {
  const now = priceOf(symbol)
  if (!now) return null
  return (
    <span class="quiet">
      {' '}
      {symbol} is at {price(now.last)}
      {now.stale && `, ${now.stale}`}.
    </span>
  )
}
