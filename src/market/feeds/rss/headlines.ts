import { XMLParser } from 'fast-xml-parser'
import { type NewsItem, titleIn, webAddressIn } from '../../news.ts'

/** The most items of a feed that are read. */
const most = 200
const repeated = new Set(['item', 'entry', 'link'])
const parser = new XMLParser({
  ...{ ignoreAttributes: false, parseTagValue: false, trimValues: false, htmlEntities: true },
  isArray: (name) => repeated.has(name),
})

/** A part of a parsed feed: a text, or elements and attributes by their names. */
type Node = string | Node[] | { [name: string]: Node } | undefined

/**
 * The headlines of a feed: RSS 2.0 and 1.0, and Atom. Items without a title or a time are left out. Undefined when the text is no feed, or
 * declares entities of its own.
 */
export function headlinesIn(text: string, host: string): NewsItem[] | undefined {
  if (text.includes('<!ENTITY')) return undefined
  const root = parsed(text)
  const channel = of(of(root, 'rss'), 'channel') ?? of(root, 'rdf:RDF') ?? of(root, 'feed')
  if (channel === undefined) return undefined
  const items = of(channel, 'item') ?? of(channel, 'entry') ?? []
  const feed = titleIn(textOf(of(channel, 'title')) ?? textOf(of(of(channel, 'channel'), 'title'))) ?? host
  return (Array.isArray(items) ? items : []).slice(0, most).flatMap((item) => itemIn(item, feed) ?? [])
}

function parsed(text: string): Node {
  try {
    return parser.parse(text)
  } catch {
    return undefined
  }
}

function itemIn(item: Node, feed: string): NewsItem | undefined {
  const title = titleIn(textOf(of(item, 'title'))?.replace(/<[^>]{0,200}>/g, ' '))
  const time = ['pubDate', 'published', 'updated', 'dc:date'].map((name) => textOf(of(item, name))).find(Boolean)
  const publishedAt = new Date(time ?? '')
  if (!title || Number.isNaN(publishedAt.getTime())) return undefined
  const links = of(item, 'link')
  const addresses = (Array.isArray(links) ? links : []).map((link) => textOf(of(link, '@_href')) ?? textOf(link))
  const url = addresses.map((one) => webAddressIn(one?.trim())).find(Boolean)
  const publisher = (titleIn(textOf(of(item, 'source'))) ?? feed).slice(0, 100)
  return { title, publisher, publishedAt, ...(url && { url }) }
}

/** An element or an attribute of an element. */
function of(node: Node, name: string): Node {
  return typeof node === 'object' && !Array.isArray(node) && Object.hasOwn(node, name) ? node[name] : undefined
}

function textOf(node: Node): string | undefined {
  if (typeof node === 'string') return node
  const inner = of(node, '#text')
  return typeof inner === 'string' ? inner : undefined
}
