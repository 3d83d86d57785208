import type { Classification } from './classification.ts'
import type { Handler } from './registry.ts'

/** A command is asked about if it was read only after its words were written apart. */
export function onlyAsked<Code extends Handler>(classified: Classification<Code>): Classification<Code> {
  if (classified.verdict !== 'acts') return classified
  return { ...classified, confidence: Math.min(classified.confidence, 0.8), verdict: 'confirms' }
}

/** A remark was not understood, so a command beside it is repeated back unless it only shows something. */
export function besideRemark<Code extends Handler>(classified: Classification<Code>): Classification<Code> {
  const isShown = classified.understood!.registered.command.effect === 'reads'
  return {
    ...classified,
    confidence: Math.min(classified.confidence, 0.8),
    verdict: isShown ? classified.verdict : 'confirms',
  }
}
