import { clausesOf, turnsAround } from './clauses.ts'
import { contradictionIn } from './contradictions.ts'
import { movesMoney } from './effect.ts'
import { wouldLose } from './omissions.ts'
import { type UnderstoodCommand, unwanted } from './understand.ts'
import { weighty } from './with-slots.ts'

/** Would a confirmation of the understood order lose something that the message says? */
export function losesOf(understood: UnderstoodCommand, text: string, partly?: UnderstoodCommand): boolean {
  const { registered } = understood
  if (!movesMoney(registered)) return false
  const isSame = partly?.registered.name === registered.name
  const { fraction, quantity, price, percent } = isSame ? partly!.given : understood.given
  // Several positions are closed whole, and at the market.
  const isPartOfAll = registered.name === 'close all' && (quantity ?? price ?? percent ?? fraction ?? '1') !== '1'
  return (
    isPartOfAll ||
    contradictionIn(text, registered.name) !== undefined ||
    wouldLose(text, registered.name) ||
    clausesOf(text).slice(1).some(turnsAround) ||
    (isSame && (partly!.leftover.includes('if') || unwanted(partly!).some((name) => weighty.has(name))))
  )
}
