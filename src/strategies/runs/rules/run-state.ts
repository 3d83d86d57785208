/** The states of a run. The last three are ends. */
export const runStates = [
  'queued',
  'starting',
  'running',
  'completing',
  'completed',
  'cancelling',
  'cancelled',
  'error',
] as const
export type RunState = (typeof runStates)[number]
/** The state of a run that has ended. */
export type EndState = 'completed' | 'cancelled' | 'error'

/** Something that happens to a run. */
export type RunStep =
  /** A worker takes it from the queue. */
  | 'claim'
  /** Its symbols are fixed, and the work begins. */
  | 'begin'
  /** Every symbol has a result. */
  | 'finish'
  /** Its list is told. */
  | 'complete'
  /** Its member wants it no more. */
  | 'cancel'
  /** Its worker has stopped. */
  | 'stop'
  /** It cannot go on. */
  | 'fail'
  /** Another worker goes on with it, because its own was lost or has ended. */
  | 'take up'

const ends: readonly RunState[] = ['completed', 'cancelled', 'error']
const worked: readonly RunState[] = ['starting', 'running', 'completing']

/** Has the run ended? */
export function isEnd(state: RunState): state is EndState {
  return ends.includes(state)
}

/** Does a run in this state hold one of the places for runs at once? */
export function isActive(state: RunState): boolean {
  return worked.includes(state) || state === 'cancelling'
}

/**
 * The state after a step; undefined when the step is not possible in this state. Nothing leaves an end: the first one wins. A
 * cancel that was accepted ends in `cancelled`, whatever happens meanwhile.
 */
export function stateAfter(state: RunState, step: RunStep): RunState | undefined {
  if (isEnd(state)) return undefined
  if (state === 'cancelling') {
    if (step === 'cancel') return 'cancelling'
    return ['stop', 'fail', 'take up', 'complete'].includes(step) ? 'cancelled' : undefined
  }
  switch (step) {
    case 'claim':
      return state === 'queued' ? 'starting' : undefined
    case 'begin':
      return state === 'starting' ? 'running' : undefined
    case 'finish':
      return state === 'running' ? 'completing' : undefined
    case 'complete':
      return state === 'completing' ? 'completed' : undefined
    case 'cancel':
      return state === 'queued' ? 'cancelled' : 'cancelling'
    case 'stop':
      return undefined
    case 'fail':
      return 'error'
    case 'take up':
      return state === 'queued' ? undefined : 'starting'
  }
}
