import { useEffect, useMemo } from 'preact/hooks'
import type { StrategyRun } from '../../../api/contract/strategies.ts'
import type { RunSchedule, RunStats, Template } from '../../../api/contract/strategy-lists.ts'
import { createAct, type Sends } from '../../state/act.ts'
import { call } from '../../state/call.ts'
import { keptTrouble, readKept, schedules, stats, templates } from '../../state/screeners/kept.ts'
import { chosen, chosenRun, hasEnded, refreshRuns } from '../../state/screeners/runs.ts'
import { accountId } from '../../state/session.ts'
import { parametersText, strategyText } from '../../words/runs.ts'
import { whole } from '../../words/time.ts'
import { Outcome } from '../outcome.tsx'

const account = () => ({ account: accountId.value ?? undefined })

/** Templates, runs that start by themselves, and how runs did. The shown run can be kept, repeated and varied. */
export function Kept() {
  const run = chosenRun.value
  // A run that has ended may have changed the figures.
  const ended = run && hasEnded(run) ? run.run_id : undefined
  useEffect(() => {
    void readKept()
  }, [ended])
  return (
    <section class="panel" id="screener-kept" aria-labelledby="screener-kept-title">
      <h2 id="screener-kept-title">Templates and schedules</h2>
      {keptTrouble.value && <p class="failed">They could not be read: {keptTrouble.value}</p>}
      <ul class="plain-list">
        {templates.value?.map((one) => (
          <TemplateLine key={one.name} one={one} />
        ))}
        {schedules.value?.map((one) => (
          <ScheduleLine key={one.number} one={one} />
        ))}
      </ul>
      {templates.value?.length === 0 && schedules.value?.length === 0 && <p class="quiet">None yet.</p>}
      {run && <OfRun key={run.run_id} run={run} />}
      {stats.value && stats.value.length > 0 && <Stats all={stats.value} />}
    </section>
  )
}

/** An act of a line or of a small form; what is kept is read anew when it was done. */
function useAct(send: Sends) {
  return useMemo(
    () =>
      createAct(async (key, confirm) => {
        const done = await send(key, confirm)
        void readKept()
        refreshRuns()
        return done
      }),
    [],
  )
}

function TemplateLine({ one }: { one: Template }) {
  const start = useAct(async (key) => {
    const body = { strategy_code: one.strategy_code, parameters: one.parameters }
    const asked = await call('executeStrategy', { query: account(), body }, key)
    chosen.value = asked.run_id
    return { said: [`Run ${asked.number} ${asked.position_in_queue === 0 ? 'starts' : 'waits'}.`] }
  })
  const drop = useAct((key) => call('dropTemplate', { params: { name: one.name } }, key))
  return (
    <li>
      <strong>{one.name}</strong>{' '}
      <span class="quiet small">
        {strategyText(one.strategy_code)} · {parametersText(one)}
      </span>{' '}
      <button type="button" aria-label={`Run template ${one.name}`} onClick={() => void start.go()}>
        Run
      </button>{' '}
      <button type="button" aria-label={`Drop template ${one.name}`} onClick={() => void drop.go()}>
        Drop
      </button>
      <Outcome acting={start.acting.value} />
      <Outcome acting={drop.acting.value} />
    </li>
  )
}

function ScheduleLine({ one }: { one: RunSchedule }) {
  const end = useAct((key) => call('endSchedule', { params: { number: one.number } }, key))
  return (
    <li>
      <strong>Schedule {one.number}</strong>, {one.template ?? strategyText(one.strategy_code)}{' '}
      <span class="quiet small">
        {one.days === 'weekdays' ? 'every weekday' : `every ${one.days}`} at {one.local_time} ({one.zone})
        {one.next_at && ` · next ${whole(one.next_at)}`}
      </span>{' '}
      <button type="button" aria-label={`End schedule ${one.number}`} onClick={() => void end.go()}>
        End
      </button>
      <Outcome acting={end.acting.value} />
    </li>
  )
}

const typed = (form: HTMLFormElement) =>
  Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value).trim()]))

const dayNames = ['weekdays', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday'] as const

/** Keeps, repeats and varies the shown run: its screener with its parameters. */
function OfRun({ run }: { run: StrategyRun }) {
  const { number, strategy_code, parameters } = run
  const given = useMemo(() => ({ now: {} as Record<string, string> }), [])
  const keep = useAct(async (key) => {
    const { name = '' } = given.now
    const saved = await call('saveTemplate', { body: { name, strategy_code, parameters } }, key)
    return { said: [`${saved.name} is kept${saved.replaced ? ', in the place of the one before' : ''}.`] }
  })
  const repeat = useAct(async (key) => {
    const { local_time = '' } = given.now
    const days = dayNames.find((one) => one === given.now.days) ?? 'weekdays'
    const made = await call(
      'saveSchedule',
      { query: account(), body: { strategy_code, parameters, days, local_time } },
      key,
    )
    return { said: [`Schedule ${made.number} runs next ${made.next_at ? whole(made.next_at) : 'never'}.`] }
  })
  const vary = useAct(async (key) => {
    const { parameter = '', values = '' } = given.now
    const { [parameter]: _, ...others } = parameters
    const body = { strategy_code, parameters: others, parameter, values: values.split(/[\s,;]+/).filter(Boolean) }
    const { runs } = await call('sweepStrategy', { query: account(), body }, key)
    return { said: [`Runs ${runs.map((one) => one.number).join(', ')} are queued.`] }
  })
  const sends = (act: typeof keep) => (event: SubmitEvent) => {
    event.preventDefault()
    // After an unknown outcome the same is asked again.
    if (act.acting.value.state !== 'unknown') given.now = typed(event.currentTarget as HTMLFormElement)
    void act.go()
  }
  const numbers = Object.keys(parameters).filter((name) => typeof parameters[name] === 'number')
  return (
    <details>
      <summary>Keep, repeat or vary run {number}</summary>
      <form class="act" onSubmit={sends(keep)}>
        <label class="field">
          <span>Name of the template</span>
          <input name="name" required maxLength={40} autocomplete="off" />
        </label>
        <Outcome acting={keep.acting.value} />
        <button type="submit">Keep as a template</button>
      </form>
      <form class="act" onSubmit={sends(repeat)}>
        <label class="field">
          <span>Days of the exchange</span>
          <select name="days">
            {dayNames.map((one) => (
              <option key={one} value={one}>
                {one === 'weekdays' ? 'every weekday' : `every ${one}`}
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          <span>Time, in New York</span>
          <input name="local_time" type="time" required value="16:15" />
        </label>
        <Outcome acting={repeat.acting.value} />
        <button type="submit">Repeat</button>
      </form>
      <form class="act" onSubmit={sends(vary)}>
        <label class="field">
          <span>Parameter that varies</span>
          <select name="parameter">
            {numbers.map((name) => (
              <option key={name} value={name}>
                {name.replaceAll('_', ' ')}
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          <span>Values, two to eight</span>
          <input name="values" required placeholder="60, 70, 80" autocomplete="off" />
        </label>
        <Outcome acting={vary.acting.value} />
        <button type="submit">Run each</button>
      </form>
    </details>
  )
}

/** How runs did, by screener. */
function Stats({ all }: { all: RunStats[] }) {
  return (
    <details>
      <summary>How your runs do</summary>
      <ul class="plain-list">
        {all.map((one) => (
          <li key={one.strategy_code}>
            <strong>{strategyText(one.strategy_code)}</strong>{' '}
            <span class="quiet small">
              {one.runs} {one.runs === 1 ? 'run' : 'runs'}, {one.completed} completed, {one.failed} failed,{' '}
              {one.cancelled} cancelled
              {one.median_seconds !== null && ` · usually ${one.median_seconds.toFixed(1)} s`}
              {one.median_hits !== null && ` · ${one.median_hits} hits in the median`}
            </span>
            {one.last_hits.length > 0 && (
              <span class="quiet small">
                {' '}
                · hits, the latest first: {one.last_hits.map(({ hits, of }) => `${hits} of ${of}`).join(', ')}
              </span>
            )}
          </li>
        ))}
      </ul>
    </details>
  )
}
