/** The words of `agent new`, read. */
export interface AgentWords {
  name?: string
  symbols: string[]
  strategy?: string
  /** Percent, as it was typed. */
  size?: string
  /** Somebody wants real money. */
  isLive: boolean
  /** Parameters of the strategy by name, as they were typed. */
  parameters: Record<string, string>
  /** Words that mean nothing here. */
  unread: string[]
}

/** `trend on AAPL MSFT with sma-cross fast 10 slow 30 size 10%` */
export function agentFrom(text: string): AgentWords {
  const words = text.trim().replaceAll(',', ' ').split(/\s+/).filter(Boolean)
  const read: AgentWords = { symbols: [], isLive: false, parameters: {}, unread: [] }
  let part: 'name' | 'symbols' | 'terms' = 'name'
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!
    const plain = word.toLowerCase()
    if (plain === 'on') part = 'symbols'
    else if (plain === 'with') part = 'terms'
    else if (plain === 'live') read.isLive = true
    else if (plain === 'paper' && part === 'terms') continue
    else if (plain === 'size') read.size = words[++at] ?? ''
    else if (part === 'name' && read.name === undefined) read.name = word
    else if (part === 'symbols' && plain !== 'and') read.symbols.push(word.replace(/^\$/, '').toUpperCase())
    else if (part === 'terms' && read.strategy === undefined) read.strategy = plain
    else if (part === 'terms' && words[at + 1] !== undefined) read.parameters[plain] = words[++at]!
    else if (plain !== 'and') read.unread.push(word)
  }
  return read
}

/** Has a text the form of `agent new`? Everyday sentences begin with the same words. */
export const isAgent = (text: string): boolean => /^\S{1,40}( (on|with) .{1,300})?$/i.test(text)
