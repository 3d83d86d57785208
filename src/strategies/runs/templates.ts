import { Refusal } from '../../base/refusal.ts'
import type { StrategyParts } from '../parts.ts'
import { strategies, strategyNamed } from '../screeners/list.ts'
import { parameterNamed, readParameters } from './parameters.ts'
import { shown, unknownStrategy } from './refusals.ts'
import { deleteTemplate, mostTemplates, putTemplate, type Template } from './rows/templates.ts'

export { type Template, templateOf, templatesOf } from './rows/templates.ts'

/** Words that chat reads otherwise behind `screen` and `template`. */
const reserved = new Set(
  'queue schedule schedules market watchlist positions holdings portfolio sp500 file list all save drop every each daily weekdays priority notify email'.split(
    ' ',
  ),
)

const isParameter = (name: string) => strategies.some(({ parameters }) => parameterNamed(name) in parameters.shape)

/** Saves a strategy with parameters under a name; one of the same name is replaced. Refused with `TEMPLATE_NAME`, `TOO_MANY_TEMPLATES` and as `requestRun` is. */
export async function saveTemplate(
  parts: Pick<StrategyParts, 'db' | 'clock'>,
  { memberId, name, strategy, parameters }: Omit<Template, 'savedAt'> & { memberId: number },
): Promise<{ template: Template; replaced?: Template } | Refusal> {
  const found = strategyNamed(strategy)
  if (!found)
    return unknownStrategy(
      strategy,
      strategies.map((one) => one.name),
    )
  if (!/^[a-z][a-z0-9_-]{0,39}$/i.test(name)) return noName('A name has letters, digits, - and _, at most 40.')
  if (strategyNamed(name)) return noName(`${name} is the name of a screener.`)
  if (reserved.has(name.toLowerCase()) || isParameter(name)) return noName(`${name} has another meaning behind screen.`)
  const read = readParameters(found, parameters)
  if (read instanceof Refusal) return read
  const template = { name, strategy: found.name, parameters: read }
  const saved = await parts.db.transaction().execute((trx) => putTemplate(trx, memberId, template, parts.clock.now()))
  if (saved !== 'too many') return saved
  const sentence = `You have ${mostTemplates} templates, which is the most. None was saved.`
  return new Refusal('TOO_MANY_TEMPLATES', sentence, 'Drop one first')
}

/** Removes a template of a member. Refused with `NO_SUCH_TEMPLATE`. */
export async function dropTemplate(
  { db }: Pick<StrategyParts, 'db'>,
  memberId: number,
  name: string,
): Promise<true | Refusal> {
  if (await deleteTemplate(db, memberId, name)) return true
  return new Refusal('NO_SUCH_TEMPLATE', `You have no template \`${shown(name)}\`.`, '`templates` lists yours', {
    field: 'name',
  })
}

const noName = (sentence: string) =>
  new Refusal('TEMPLATE_NAME', `${sentence} Nothing was saved.`, 'Choose another name', { field: 'name' })
