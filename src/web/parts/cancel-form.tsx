import { useSignal } from '@preact/signals'
import { useMemo } from 'preact/hooks'
import { createAct } from '../state/act.ts'
import type { About } from '../state/asking.ts'
import { call } from '../state/call.ts'
import { accountId } from '../state/session.ts'
import { typedNumber } from '../words/typed.ts'
import { LeaveButton } from './leave-button.tsx'
import { Outcome } from './outcome.tsx'

type Taken = Extract<About, { kind: 'cancel scaleout' | 'cancel order' | 'move order' }>

/** Takes a scaleout or an order back, or moves an order. */
export function CancelForm({ about }: { about: Taken }) {
  const to = useSignal(about.kind === 'move order' ? about.price : '')
  const query = { account: accountId.value ?? undefined }
  const { acting, go } = useMemo(
    () =>
      createAct((key) => {
        if (about.kind === 'cancel scaleout') return call('cancelScaleout', { params: { id: about.scaleout } }, key)
        const params = { number: about.number }
        if (about.kind === 'cancel order') return call('cancelOrder', { params, query }, key)
        return call('moveOrder', { params, query, body: { price: typedNumber(to.value, 'price') ?? '' } }, key)
      }),
    [],
  )
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
          ? 'What is sold stays sold; the chunks that wait are dropped.'
          : `${about.what}. What is filled stays filled.`}
      </p>
      {about.kind === 'move order' && state !== 'done' && (
        <label class="field">
          <span>New price</span>
          <input
            inputMode="decimal"
            autoFocus
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
