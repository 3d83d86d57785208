import { signal, useSignal } from '@preact/signals'
import { useEffect, useMemo, useRef } from 'preact/hooks'
import type { Strategy } from '../../../api/contract/strategies.ts'
import { createAct, keptForm } from '../../state/act.ts'
import { call } from '../../state/call.ts'
import { backtests, chosen, refreshRuns, strategies } from '../../state/screeners/runs.ts'
import { accountId } from '../../state/session.ts'
import { type Parameter, parametersOf, rangeOf } from '../../words/parameters.ts'
import { Outcome } from '../outcome.tsx'

/** The place of a parameter in the request, as the desk names it when it is wrong. */
const place = 'body.parameters.'

type Kind = 'screen' | 'backtest'
/** A screener, or a strategy of backtests. */
type Runnable = Pick<Strategy, 'strategy_code' | 'title' | 'summary' | 'parameters'> & { past?: string }

const kinds: [kind: Kind, label: string, ofOne: string][] = [
  ['screen', 'Screen', 'Screener'],
  ['backtest', 'Backtest', 'Strategy'],
]

/** The form of a run, made from the JSON Schema of the screener or the strategy. An empty field gets its usual value. */
export function RunForm() {
  const kind = useSignal<Kind>('screen')
  const code = useSignal('')
  const all: Runnable[] | undefined = kind.value === 'screen' ? strategies.value : backtests.value
  const strategy = all?.find((one) => one.strategy_code === code.value) ?? all?.[0]
  const [, title, ofOne] = kinds.find(([one]) => one === kind.value)!
  return (
    <section class="panel" id="screener-form" aria-labelledby="screener-form-title" tabIndex={-1}>
      <h2 id="screener-form-title">{title}</h2>
      <div class="lengths" role="group" aria-label="Which kind of run">
        {kinds.map(([one, label]) => (
          <button
            key={one}
            type="button"
            aria-pressed={kind.value === one}
            onClick={() => {
              kind.value = one
            }}
          >
            {label}
          </button>
        ))}
      </div>
      {!strategy && <p class="quiet">Reading …</p>}
      {strategy && (
        <>
          <label class="field">
            <span>{ofOne}</span>
            <select
              value={strategy.strategy_code}
              onChange={({ currentTarget }) => {
                code.value = currentTarget.value
              }}
            >
              {all?.map((one) => (
                <option key={one.strategy_code} value={one.strategy_code}>
                  {one.title}
                </option>
              ))}
            </select>
          </label>
          <p class="quiet small">{strategy.summary}</p>
          {strategy.past !== undefined && <Past past={strategy.past} />}
          <Fields key={`${kind.value} ${strategy.strategy_code}`} kind={kind.value} strategy={strategy} />
        </>
      )}
    </section>
  )
}

/** How the screener did: it filters, and promises nothing. */
function Past({ past }: { past: string }) {
  return (
    <details class="past" open>
      <summary>How it did in the past</summary>
      <p class="small">{past}</p>
    </details>
  )
}

function Fields({ kind, strategy }: { kind: Kind; strategy: Runnable }) {
  const fields = parametersOf(strategy)
  const form = useRef<HTMLFormElement>(null)
  const { given, act } = useMemo(() => keptForm(`${kind} ${strategy.strategy_code}`, () => newForm(kind, strategy)), [])
  const now = act.acting.value
  const refused = (now.state === 'refused' && now.wrong) || []
  const wrong = new Map(refused.map(({ field, message }) => [field.replace(place, ''), message]))
  const isToldThere = refused.length > 0 && fields.some(({ name }) => wrong.has(name))
  useEffect(() => {
    if (isToldThere) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }, [now])
  return (
    <form
      ref={form}
      class="act"
      onSubmit={(event) => {
        event.preventDefault()
        // The same as before is asked again.
        if (now.state !== 'unknown') {
          const data = [...new FormData(event.currentTarget)]
          const typed = Object.fromEntries(data.map(([name, value]) => [name, String(value).trim()]))
          given.value = { typed, account: accountId.value ?? undefined }
        }
        void act.go()
      }}
    >
      {fields.map((field) => (
        <Field key={field.name} field={field} wrong={wrong.get(field.name)} />
      ))}
      <label class="field">
        <span>Priority</span>
        <select name="priority">
          <option value="high">High</option>
          <option value="normal" selected>
            Normal
          </option>
          <option value="low">Low</option>
        </select>
      </label>
      <label class="check">
        <input type="checkbox" name="notify" value="yes" />
        Tell me in a direct message when it is done
      </label>
      <label class="check">
        <input type="checkbox" name="email" value="yes" />
        Send its list to my e-mail address
      </label>
      {!isToldThere && <Outcome acting={now} />}
      <div class="acts">
        <button type="submit" class="primary" disabled={now.state === 'sent'}>
          {now.state === 'unknown' ? 'Ask again' : 'Start'}
        </button>
      </div>
    </form>
  )
}

interface Given {
  typed: Record<string, string>
  account?: number
}

/** The typed fields, and the act that sends them. */
function newForm(kind: Kind, { strategy_code }: Runnable) {
  const given = signal<Given>({ typed: {} })
  const act = createAct(async (key) => {
    const { account } = given.value
    const { priority, notify, email, ...typed } = given.value.typed
    const parameters = Object.fromEntries(Object.entries(typed).filter(([, text]) => text !== ''))
    const options = {
      priority: priority as 'normal',
      ...((notify || email) && { notify_on_completion: { dm: Boolean(notify), email: Boolean(email) } }),
    }
    const body = { strategy_code, parameters, options }
    const sent = { query: { account }, body }
    const asked = await (kind === 'screen' ? call('executeStrategy', sent, key) : call('executeBacktest', sent, key))
    chosen.value = asked.run_id
    refreshRuns()
    // The progress stands far above the button on a phone.
    document.querySelector('#screener-run')?.scrollIntoView()
    const place = asked.position_in_queue
    return { said: [`Run ${asked.number} ${place === 0 ? 'starts' : `waits: ${place} in the queue`}.`] }
  })
  return { given, act }
}

function Field({ field, wrong }: { field: Parameter; wrong: string | undefined }) {
  const { name, label, description, choices, usual } = field
  const range = rangeOf(field)
  const about = {
    id: `screener-${name}`,
    name,
    'aria-describedby': `screener-${name}-help${wrong ? ` screener-${name}-wrong` : ''}`,
    ...(wrong && { 'aria-invalid': 'true' as const }),
  }
  return (
    <div class="field">
      <label for={about.id}>{label}</label>
      {choices ? (
        <select {...about}>
          {choices.map((choice) => (
            <option key={choice} value={choice} selected={choice === usual}>
              {choice}
            </option>
          ))}
        </select>
      ) : (
        <input
          {...about}
          autocomplete="off"
          placeholder={usual}
          inputMode={field.kind === 'number' || field.kind === 'integer' ? 'decimal' : 'text'}
        />
      )}
      <p class="quiet small" id={`screener-${name}-help`}>
        {description} {range && `(${range}${usual === undefined ? '' : `; ${usual} unless said`})`}
      </p>
      {wrong && (
        <p class="wrong" role="alert" id={`screener-${name}-wrong`}>
          {wrong}
        </p>
      )}
    </div>
  )
}
