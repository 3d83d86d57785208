import { type Json, SlackRefusal } from './slack-world.ts'

type Surface = 'message' | 'modal' | 'home'

/** Throws `invalid_blocks` for blocks that Slack would refuse on this surface. */
export function checkBlocks(blocks: Json, surface: Surface): void {
  const wrong: string[] = []
  if (!Array.isArray(blocks)) throw new SlackRefusal('invalid_blocks_format')
  const most = surface === 'message' ? 50 : 100
  if (blocks.length > most) wrong.push(`no more than ${most} items allowed [json-pointer:/blocks]`)
  const ids = blocks.map((block) => block.block_id).filter(Boolean)
  if (new Set(ids).size !== ids.length) wrong.push('block_id is not unique')
  for (const block of blocks) wrong.push(...checkBlock(block, surface))
  if (blocks.filter(({ type }) => type === 'table').length > 1)
    throw new SlackRefusal('invalid_attachments', 'only_one_table_allowed')
  if (wrong.length > 0) throw new SlackRefusal('invalid_blocks', ...wrong)
}

function checkBlock(block: Json, surface: Surface): string[] {
  const wrong = block.block_id === undefined ? [] : checkLength(block.block_id, 1, 255, 'block_id')
  switch (block.type) {
    case 'section':
      return [...wrong, ...checkText(block.text, 3000, ['plain_text', 'mrkdwn'])]
    case 'divider':
      return wrong
    case 'header':
      return [...wrong, ...checkText(block.text, 150, ['plain_text'])]
    case 'context':
      return [...wrong, ...block.elements.flatMap((text: Json) => checkText(text, 3000, ['plain_text', 'mrkdwn']))]
    case 'actions':
      return [...wrong, ...checkActions(block.elements)]
    case 'table':
      return [...wrong, ...(surface === 'message' ? checkTable(block) : ['tables are for messages'])]
    case 'input':
      if (surface !== 'modal') return [...wrong, 'input blocks are for modals here']
      return [...wrong, ...checkText(block.label, 2000, ['plain_text']), ...checkInput(block.element)]
    default:
      return [...wrong, `unsupported type: ${block.type}`]
  }
}

function checkTable({ rows, column_settings = [] }: Json): string[] {
  if (!Array.isArray(rows) || rows.length < 1 || rows.length > 100) return ['1 to 100 rows are allowed']
  const cells = rows.flat()
  const isEven = rows.every((row: Json) => row.length === rows[0].length && row.length >= 1 && row.length <= 20)
  return [
    ...(isEven ? [] : ['1 to 20 cells are allowed, in all rows the same']),
    ...(column_settings.length > 20 ? ['at most 20 settings'] : []),
    ...(column_settings.every(({ align }: Json) => ['left', 'center', 'right'].includes(align))
      ? []
      : ['unknown align']),
    ...cells.flatMap(({ type, text }: Json) =>
      type === 'raw_text' && typeof text === 'string' && text.length > 0
        ? []
        : ['a cell must be more than 0 characters'],
    ),
    ...(cells.reduce((sum: number, { text }: Json) => sum + String(text).length, 0) > 10_000
      ? ['too long a table']
      : []),
  ]
}

function checkActions(elements: Json): string[] {
  if (!Array.isArray(elements) || elements.length < 1 || elements.length > 25) return ['1 to 25 elements are allowed']
  const ids = elements.map((element) => element.action_id)
  const wrong = new Set(ids).size === ids.length ? [] : ['action_id is not unique in its block']
  for (const element of elements) {
    if (element.type === 'static_select') {
      wrong.push(...checkMenu(element))
      continue
    }
    if (element.type !== 'button') wrong.push(`unsupported element: ${element.type}`)
    wrong.push(...checkText(element.text, 75, ['plain_text']), ...checkLength(element.action_id, 1, 255, 'action_id'))
    if (element.value !== undefined) wrong.push(...checkLength(element.value, 1, 2000, 'value'))
    if (element.style !== undefined && !['primary', 'danger'].includes(element.style)) wrong.push('unknown style')
  }
  return wrong
}

function checkMenu({ action_id, placeholder, options }: Json): string[] {
  if (!Array.isArray(options) || options.length < 1 || options.length > 100) return ['1 to 100 options are allowed']
  return [
    ...checkLength(action_id, 1, 255, 'action_id'),
    ...checkText(placeholder, 150, ['plain_text']),
    ...options.flatMap(({ text, value }) => [
      ...checkText(text, 75, ['plain_text']),
      ...checkLength(value, 1, 150, 'value'),
    ]),
  ]
}

function checkInput(element: Json): string[] {
  if (element?.type === 'external_select') {
    const { action_id, placeholder, min_query_length: least = 3 } = element
    const isCount = Number.isInteger(least) && least >= 0
    return [
      ...checkLength(action_id, 1, 255, 'action_id'),
      ...checkText(placeholder, 150, ['plain_text']),
      ...(isCount ? [] : ['min_query_length must be a number']),
    ]
  }
  if (element?.type !== 'plain_text_input') return [`unsupported input: ${element?.type}`]
  const most = element.max_length ?? 3000
  return [
    ...checkLength(element.action_id, 1, 255, 'action_id'),
    ...(most >= 1 && most <= 3000 ? [] : ['max_length must be 1 to 3000']),
  ]
}

function checkText(text: Json, most: number, types: string[]): string[] {
  if (!types.includes(text?.type)) return [`text must be ${types.join(' or ')}`]
  if (text.type === 'mrkdwn' && text.emoji !== undefined) return ['emoji is for plain_text']
  return checkLength(text.text, 1, most, 'text')
}

function checkLength(value: unknown, least: number, most: number, name: string): string[] {
  if (typeof value !== 'string') return [`${name} is missing`]
  if (value.length < least || value.trim() === '') return [`${name} is empty`]
  return value.length > most ? [`${name} must be less than ${most + 1} characters`] : []
}

/** Throws for a view that Slack would refuse. */
export function checkView(view: Json, surface: 'modal' | 'home'): void {
  if (view?.type !== surface) throw new SlackRefusal('invalid_arguments', `view must be of type ${surface}`)
  const wrong = surface === 'modal' ? checkModal(view) : []
  if (wrong.length > 0) throw new SlackRefusal('invalid_arguments', ...wrong)
  checkBlocks(view.blocks, surface)
}

function checkModal(view: Json): string[] {
  const hasInput = view.blocks?.some((block: Json) => block.type === 'input')
  return [
    ...checkText(view.title, 24, ['plain_text']),
    ...(view.submit ? checkText(view.submit, 24, ['plain_text']) : hasInput ? ['submit is missing'] : []),
    ...(view.close ? checkText(view.close, 24, ['plain_text']) : []),
    ...((view.private_metadata ?? '').length > 3000 ? ['private_metadata is too long'] : []),
    ...((view.callback_id ?? '').length > 255 ? ['callback_id is too long'] : []),
  ]
}

/** The table in a message, if it has one: its rows with the texts of their cells. */
export function tableIn(message: { blocks?: Json[] }): string[][] | undefined {
  const table = message.blocks?.find(({ type }) => type === 'table')
  return table?.rows.map((row: Json[]) => row.map(({ text }) => text))
}

/**
 * The text that a person reads in a message: its blocks when it has some, else its text; entities as characters. A message with a
 * table is read whole in its text, by notifications and screen readers.
 */
export function readableText(message: { text: string; blocks?: Json[] }): string {
  const blocks = tableIn(message) ? [] : (message.blocks ?? [])
  const texts = blocks
    .filter((block) => block.type === 'section' || block.type === 'header')
    .map((block) => block.text.text as string)
  return (texts.length > 0 ? texts.join('\n') : message.text)
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}

/** The buttons of a message and the lines of its menus, each with the element as Slack delivers it, and its block. */
export function buttonsOf(message: { blocks?: Json[] }): { label: string; element: Json; block: Json }[] {
  return (message.blocks ?? [])
    .filter((block) => block.type === 'actions')
    .flatMap((block) =>
      block.elements.flatMap((element: Json) =>
        element.type === 'static_select'
          ? element.options.map((selected_option: Json) =>
              pressable(selected_option.text, asPicked(element, selected_option), block),
            )
          : [pressable(element.text, element, block)],
      ),
    )
}

const pressable = (text: Json, element: Json, block: Json) => ({
  label: readableText({ text: text.text }),
  element,
  block,
})

/** A menu with the picked line, as Slack delivers it. */
function asPicked({ type, action_id, placeholder }: Json, selected_option: Json): Json {
  return { type, action_id, placeholder, selected_option }
}

/** The mentions of a message that Slack notifies, in its text, or in its blocks when it has some. */
export function pingsOf(message: { text: string; blocks?: Json[]; sent?: Record<string, string> }): string[] {
  const markup = /<(?:!(?:channel|here|everyone|subteam)|@[UW])[^>]*>/g
  const names = /@(?:channel|here|everyone)\b/g
  // Slack also notifies by the top-level text, although it shows the blocks.
  const read = [
    message.text,
    ...(message.blocks ?? [])
      .map((block) => block.text)
      .filter(isMarkdown)
      .map(textOf),
  ]
  const linked = message.sent?.link_names === 'true' || message.sent?.parse === 'full'
  return read.flatMap((text) =>
    [...text.matchAll(markup), ...(linked ? text.matchAll(names) : [])].map(([ping]) => ping),
  )
}

const isMarkdown = (text: Json) => text?.type === 'mrkdwn'
const textOf = (text: Json): string => text.text
