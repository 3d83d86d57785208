import type { Command, Hearing } from '../commands/command.ts'
import { twoAmounts } from '../commands/quantity.ts'
import type { Classification } from '../language/classify.ts'
import { askWhetherMeant } from './confirmation.ts'
import type { Ears } from './ears.ts'
import { type HearingOutcome, refused } from './outcome.ts'
import { notWhole } from './refusals.ts'
import { run } from './run.ts'
import { askWhichMeaning } from './which-meaning.ts'

/** Executes a message that was classified as a command: it runs the command, repeats it back, or refuses it. */
export async function carryOut(
  ears: Ears,
  hearing: Hearing,
  { verdict, understood, either }: Classification<Command>,
): Promise<HearingOutcome> {
  if (either) return askWhichMeaning(ears, hearing, either)
  const { registered, given, leftover } = understood!
  if (given.quantity !== undefined && given.fraction !== undefined && leftover.length === 0)
    return refused(twoAmounts(given), { command: registered.name })
  if (verdict === 'acts') return run(ears, hearing, registered, given)
  if (verdict === 'confirms') return askWhetherMeant(ears, hearing, registered, given, leftover)
  return refused(notWhole(understood!), { command: registered.name })
}
