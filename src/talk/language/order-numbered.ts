import type { Classification } from './classification.ts'
import type { Handler, Registry } from './registry.ts'

/** The command that `order 3` is: it asks for the order of that number. `order 3 AAPL` is an order for three. */
export function orderNumbered<Code extends Handler>(
  registry: Registry<Code>,
  text: string,
): Classification<Code> | undefined {
  const [, number] =
    /^[/!]?(?:(?:show|see)(?: me)? )?(?:(?:my|the) )?order (?:no\.? |number )?#?(\d{1,9})[?.!]?$/i.exec(text.trim()) ??
    []
  const registered = number === undefined ? undefined : registry.byName('orders')
  if (!registered || number === undefined) return undefined
  const understood = { registered, given: { quantity: number }, leftover: [], doubts: [] }
  return { layer: 'command', understood, confidence: 1, verdict: 'acts' }
}
