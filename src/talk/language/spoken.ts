import { folded } from './marks.ts'

/** The words of a message that its writer says, without the words that are only shown. */
export interface Spoken {
  /** In plain characters; empty when nothing but quotations was written. */
  text: string
  /** Something was quoted, struck, marked as code or hidden. */
  isQuoted: boolean
  /** A part of a line was left out, so the words around it may mean something else. */
  hasGap: boolean
  /** It is one word behind emoji that laugh or cry, as in `🤡🤡 market`. */
  isCaption?: boolean
  /** Some of the words that are said stand in quotation marks, so the others may only be about them. */
  hasQuotes?: boolean
  /** It consists of the options of a platform's command, so its symbols are marked and its other words are none. */
  isTyped?: boolean
}

const caption = /^\s*(?:[🤡💀😂🤣😭🙄🙃🥲🤦🤷😆😹]\s*){1,10}[a-z]+[\s.!?]*$/iu

/** Takes the place of what is left out. */
const gap = '\ue000'

/** Quoted lines: `> text`, and `>>> text` to the end. */
const quotedRest = /^[^\S\n]*\\?>>>[\s\S]*/m
const quotedLine = /^[^\S\n]*\\?>.*$/gm
const fence = /```[\s\S]*?(?:```|$)/g
const code = /``[^\n]+?``|`[^`\n]+`/g
/** Struck text: `~~text~~`, or `~text~` within a line. `~5` alone means about 5. */
const struck = /~~(?!~)[\s\S]+?~~|(?<![\p{L}\p{N}~])~(?=[^\s~])[^~\n]*(?<=\S)~(?![\p{L}\p{N}~])/gu
/** HTML: an element with all in it, a tag alone, and a comment. Mentions and links of Slack and Discord have other signs behind `<`. */
const element = /<([a-z][\w-]*)(?:\s[^<>]*)?>[\s\S]*?(?:<\/\1\s*>|$)/gi
const tag = /<\/?[a-z][\w-]*(?:[\s/][^<>]*)?>|<!--[\s\S]*?(?:-->|$)|<!doctype\b[^<>]*>/gi
const hidden = /\|\|[\s\S]+?\|\|/g
const inQuotes = /^\s*(?:["“„«”»][^"“„«”»]+["”“»«]|['‘‚‛′´][^"\n]+['’‘‛′´])[\s.!?]*$/
/** Words in quotation marks beside others. An apostrophe has a letter on both sides, or only before it. */
const quotes = /"[^"\n]+"|(?<![\p{L}\p{N}])'[^'\n]+'(?![\p{L}\p{N}])/u

/**
 * Reads what a person says in a message. Text in the marks of Slack, Discord or Markdown for quotations, code, strikes and
 * spoilers is shown and not said, and so is HTML. A message in quotation marks is a quotation, too.
 */
export function spokenIn(typed: string): Spoken {
  const text = typed.replaceAll(gap, '').replace(/[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, '')
  if (inQuotes.test(text)) return { text: '', isQuoted: true, hasGap: false }
  const marked = text
    .replace(fence, gap)
    .replace(quotedRest, gap)
    .replace(quotedLine, gap)
    .replace(code, gap)
    .replace(element, gap)
    .replace(tag, gap)
    .replace(struck, gap)
    .replace(hidden, gap)
  if (!marked.includes(gap)) {
    const said = folded(text).trim()
    return {
      text: said,
      isQuoted: false,
      hasGap: false,
      ...(quotes.test(said) && { hasQuotes: true }),
      ...(caption.test(text) && { isCaption: true }),
    }
  }
  const lines = marked.split('\n').filter((line) => !line.includes(gap) || /[\p{L}\p{N}]/u.test(line))
  const hasGap = lines.some((line) => line.includes(gap))
  return { text: folded(lines.join('\n').replaceAll(gap, ' ')).trim(), isQuoted: true, hasGap }
}
