import type { Choice } from '../../chat/reply.ts'
import type { Given } from '../../language/slots.ts'
import { type Ask, enter } from '../command.ts'

/** The value of the choice of own terms, in the place of a speed. */
export const custom = 'custom'

const field = { name: 'terms', title: 'Such as 45m, 12 chunks, floor .60' }

/** The choice of own terms beside the speeds, and its line. Its button opens a form. */
export const customChoice: Choice = { value: custom, label: 'CUSTOM', aliases: ['own'], form: [field] }
export const customLine = 'CUSTOM - Your own length, chunks or price limit'

/** Asks for own terms in words, below the lines about the scaleout. */
export function askCustom(about: string[], given: Given): Ask {
  const text = [
    '📉 INTERACTIVE SCALEOUT',
    ...about,
    '',
    'How long should it take? You may also name the chunks, a floor (a cap for a short one) or its end.',
    '💡 Such as `45m`, `2 hours, 20 chunks` or `by 3pm, floor .60`',
  ].join('\n')
  return enter(field.name, 'text', field.title, text, { ...given, speed: custom })
}
