import { onlyAsked } from './asked-back.ts'
import type { Classification } from './classification.ts'
import { changesMoney } from './effect.ts'
import { isOnlySpelled } from './loose-turns.ts'
import type { Handler } from './registry.ts'

/**
 * Asks about a request that was read in plainer words than its writer used. One that moves no money and was only spelled in full is shown as read:
 * `show workin ordrs`.
 */
export function askedLoosely<Code extends Handler>(text: string, read: Classification<Code>): Classification<Code> {
  const registered = read.understood?.registered
  return registered && !changesMoney(registered) && isOnlySpelled(text) ? read : onlyAsked(read)
}
