import { expect, onTestFinished, test } from 'vitest'
import { headlinesIn } from '../../../src/market/feeds/rss/headlines.ts'
import { names, rssFeeds, withNews } from '../../../src/market/feeds/rss/rss.ts'
import { gatherSentiment, sentimentNow } from '../../../src/prediction/sentiment/gather.ts'
import { type SourceAnswer, type SourceRequest, serveSource } from '../../platforms/http-source.ts'
import { handMarket } from '../../support/desk.ts'
import { grounds } from './opened.ts'

const ground = grounds()
const minute = 60_000

const item = (title: string, at = 'Fri, 20 Nov 2026 12:00:00 GMT', more = '') =>
  `<item><title>${title}</title><link>https://example.com/story?a=1&amp;b=2</link><pubDate>${at}</pubDate>${more}</item>`
const rss = (...items: string[]) =>
  `<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>The Wire</title>${items.join('')}</channel></rss>`

async function served(answer: (request: SourceRequest) => SourceAnswer) {
  const server = await serveSource(answer)
  onTestFinished(() => server.close())
  return server
}

const feed = (address: string, allowsPrivate = true, clock = { now: () => new Date(), scale: 1 }) =>
  rssFeeds([address], { clock, allowsPrivate })[0]!

test('headlines of RSS 2.0, RSS 1.0 and Atom are titles, publishers, times and addresses', () => {
  const story = { title: 'AT&T’s profit beats estimates', url: 'https://example.com/story?a=1&b=2' }
  const publishedAt = new Date('2026-11-20T12:00:00Z')
  const title = 'AT&amp;T&#8217;s profit\n <![CDATA[beats <b>estimates</b>]]>'
  expect(headlinesIn(rss(item(title)), 'h')).toEqual([{ ...story, publisher: 'The Wire', publishedAt }])
  const named = item('7', undefined, '<source url="https://reuters.com">Reuters</source>')
  expect(headlinesIn(rss(named), 'h')).toMatchObject([{ title: '7', publisher: 'Reuters' }])
  const old = `<rdf:RDF xmlns:dc="d"><channel><title>Old</title></channel><item><title>${title}</title>
    <link>${'https://example.com/story?a=1&amp;b=2'}</link><dc:date>2026-11-20T07:00:00-05:00</dc:date></item></rdf:RDF>`
  expect(headlinesIn(old, 'h')).toEqual([{ ...story, publisher: 'Old', publishedAt }])
  const atom = `<feed xmlns="a"><entry><title type="html">AT&amp;T&#8217;s profit beats &lt;i&gt;estimates&lt;/i&gt;</title>
    <link rel="alternate" href="https://example.com/story?a=1&amp;b=2"/><updated>2026-11-20T12:00:00Z</updated></entry></feed>`
  expect(headlinesIn(atom, 'h')).toEqual([{ ...story, publisher: 'h', publishedAt }])
})

test('items without a title or a time are left out, an address that is none with its item kept, and other texts are no feed', () => {
  const found = headlinesIn(
    rss(
      item(' '),
      item('Late', 'soon'),
      '<item><title>Odd</title><link>javascript:alert(1)</link></item>',
      item('Good'),
    ),
    'h',
  )
  expect(found?.map(({ title }) => title)).toEqual(['Good'])
  const odd = '<item><title>Odd</title><link>javascript:alert(1)</link><pubDate>2026-11-20</pubDate></item>'
  expect(headlinesIn(rss(odd), 'h')).toEqual([
    { title: 'Odd', publisher: 'The Wire', publishedAt: new Date('2026-11-20') },
  ])
  expect(headlinesIn(rss(), 'h')).toEqual([])
  const bomb = `<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>${rss(item('&b;'))}`
  for (const text of ['', 'no', '<html><body>Sign in</body></html>', '{"items":[]}', '<rss><chan', bomb])
    expect(headlinesIn(text, 'h'), text).toBeUndefined()
})

test('a feed about everything counts where a headline names the symbol', () => {
  const apple = ['Apple beats estimates', 'Why $AAPL fell', 'Shares (AAPL) rise', 'NASDAQ:AAPL slips', '(NASDAQ: AAPL)']
  for (const title of apple) expect(names(title, 'AAPL'), title).toBe(true)
  const others = ['Pineapple prices rise', 'Applebee’s opens', 'AAPLX fund closes', 'Why $AAPLW fell', 'an apple a day']
  for (const title of others) expect(names(title, 'AAPL'), title).toBe(false)
  expect([
    names('Coca-Cola lifts outlook', 'KO'),
    names('A knock-out (KOS)', 'KO'),
    names('$BRK.B falls', 'BRK'),
  ]).toEqual([true, false, false])
})

test('a feed of a symbol is asked for it, one of all is read once in its time, and both make sentiment beside each other', async () => {
  const on = await ground()
  const server = await served(({ path, query }) => ({
    body:
      path === '/symbol'
        ? rss(item(`${query.s} plunges after recall`), item('Somebody beats estimates'))
        : rss(item('Beyond Meat beats estimates'), item('Apple beats estimates')),
  }))
  const feeds = rssFeeds([`${server.url}/symbol?s={symbol}`, `${server.url}/all`], { ...on, allowsPrivate: true })
  const { host } = new URL(server.url)
  const market = withNews({ ...handMarket(), newsSources: () => [] }, feeds)
  expect(market.newsSources?.().map(({ name }) => name)).toEqual([`rss:${host}`, `rss:${host}-2`])
  for (const symbol of ['BYND', 'AAPL']) await gatherSentiment({ ...on, market }, symbol)
  expect(server.requests.map(({ path, query }) => `${path} ${query.s ?? ''}`.trim()).sort()).toEqual([
    '/all',
    '/symbol AAPL',
    '/symbol BYND',
  ])
  const { items, asked, available } = await sentimentNow(on, 'BYND')
  expect(items.map(({ title, score }) => [title, Math.sign(score)]).sort()).toEqual([
    ['BYND plunges after recall', -1],
    ['Beyond Meat beats estimates', 1],
    ['Somebody beats estimates', 1],
  ])
  expect([...available]).toEqual(['news'])
  expect(asked.map(({ fault }) => fault)).toEqual([null, null])
  on.clock.advance(15 * minute)
  await gatherSentiment({ ...on, market }, 'BYND')
  expect(server.requests).toHaveLength(5)
})

test('redirects are followed three times, and a feed that is long, silent, broken or none is a fault without its address', async () => {
  const server = await served(({ path }) => {
    const to = (location: string) => ({ status: 302, headers: { location }, body: '' })
    switch (path) {
      case '/1':
        return to('/2')
      case '/2':
        return to('/3')
      case '/3':
        return to('/4')
      case '/4':
        return { body: rss(item('$BYND beats estimates')) }
      case '/0':
        return to('/1')
      case '/long':
        return { body: rss(item('a'.repeat(1_000_001))) }
      case '/drop':
        return 'drop'
      case '/page':
        return { body: '<html></html>' }
      default:
        return { status: 503, body: 'no' }
    }
  })
  const { host } = new URL(server.url)
  expect(await feed(`${server.url}/1`).news('BYND')).toMatchObject([{ title: '$BYND beats estimates' }])
  const faults = { '0': 'redirects too often', long: 'has a feed of more than 1 MB', drop: 'cannot be reached' }
  for (const [path, words] of Object.entries({
    ...faults,
    page: 'has no feed there that can be read',
    away: 'answered with 503',
  }))
    await expect(feed(`${server.url}/${path}?key=SECRET1`).news('BYND')).rejects.toThrow(
      expect.objectContaining({ name: 'FeedFault', message: `${host} ${words}` }),
    )
})

test('addresses of the desk’s own network, and http, are refused unless they are allowed, by name and after a redirect, too', async () => {
  const server = await served(() => ({ body: rss(item('$BYND beats estimates')) }))
  const port = new URL(server.url).port
  for (const host of ['127.0.0.1', '[::1]', '10.0.0.1', '169.254.169.254'])
    await expect(feed(`https://${host}:${port}/`, false).news('BYND')).rejects.toThrow('is no public address')
  await expect(feed(`https://localhost:${port}/`, false).news('BYND')).rejects.toThrow(
    `localhost:${port} cannot be reached`,
  )
  await expect(feed(server.url, false).news('BYND')).rejects.toThrow('is no https address')
  expect(server.requests).toEqual([])
})
