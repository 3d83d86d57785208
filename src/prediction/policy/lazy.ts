import type { Logger } from 'pino'
import { type PolicyModel, readPolicy } from './model.ts'

/** A policy that is read at the first question. */
export interface LazyPolicy {
  /** The policy, or the reason why it is refused. */
  open(): PolicyModel | string
}

/** Creates a policy that is read at the first question. An invalid one is logged once, and the desk continues without one. */
export function lazyPolicy(folder: string, log: Pick<Logger, 'error'>): LazyPolicy {
  let opened: PolicyModel | string | undefined
  const load = () => {
    try {
      return readPolicy(folder)
    } catch (cause) {
      log.error({ err: cause }, 'the policy is refused; there are no signals')
      return cause instanceof Error ? cause.message : String(cause)
    }
  }
  return { open: () => (opened ??= load()) }
}
