/** The slots of orders as programs name them, and what is said for them. */
const keys: [names: string, said: string][] = [
  ['sym|symbol|symbols|ticker|tickers|tkr|stock|instrument|asset|security', '$'],
  ['qty|quantity|size|sz|shares|shs|units|amount|amt|count|num|n|q', ''],
  ['px|price|limit|limit_price|limitprice|lmt|entry|entry_price|avg|avg_price|cost|fill|fill_price|at', '@ '],
  ['sl|stop|stop_loss|stoploss|stop_price|stopprice', 'stop '],
  ['tp|target|tgt|take_profit|takeprofit|profit', 'target '],
  ['trail|trailing|trail_pct|trail_percent', 'trail '],
  ['frac|fraction|portion|part|share|ratio', ''],
  ['speed|pace|mode|style|rate', ''],
  ['time|when|due|start', 'at '],
  ['deadline|until|expires|expiry|exp|by|before|end', 'by '],
  ['tif', ''],
]
const saidOf = new Map(keys.flatMap(([names, said]) => names.split('|').map((name) => [name, said] as const)))
const value = String.raw`(["']?)([\w.$%:/+-]+)\2`
const assigned = new RegExp(String.raw`(?<![\w.$])-{0,2}([a-z_]{1,14}) ?(?:=|:=) ?${value}(?=[\s,;)]|$),?`, 'gi')
const flagged = new RegExp(String.raw`(?<!\S)--?([a-z_]{1,14})[ =]${value}(?=[\s,;]|$),?`, 'gi')
/** Flags without a value that are words of an order. */
const bare = /(?<!\S)--?(all|half|fast|slow|medium|smart|now|market|mkt|limit|long|short)(?=[\s,;]|$)/gi
const side =
  /(?<![\w.$])-{0,2}(?:side|action|type|op|cmd|order|dir|direction)[ ]?(?:=|:=)[ ]?["']?(buy|sell|long|short|close|add|trim|scaleout)["']?(?=[\s,;)]|$),?/i
const kind = /(?<![\w.$])-{0,2}(?:type|order_type|ordertype|ord)[ ]?(?:=|:=)[ ]?["']?(market|mkt)["']?(?=[\s,;)]|$),?/gi
/** The figures of an account as programs ask for them: `get account.cash`. */
const figures: [RegExp, string][] = [
  [
    /^(?:get|show|print|fetch|list|query|echo)?[ _.-]*(?:my[ _.-])?(?:account|acct|acc|portfolio|pf)[._](?:get_?)?(?:cash|equity|balance|bp|buying_?power|funds|value|nav)(?:\(\))?;?$/i,
    'balance',
  ],
  [
    /^(?:get|show|print|fetch|list|query|echo)?[ _.-]*(?:account|acct|acc|portfolio|pf|my)[._](?:get_?|list_?|all_?|open_?)?(positions|orders|trades|fills|pnl|pl|alerts|tasks)(?:\(\))?;?$/i,
    '$1',
  ],
  [
    /^(?:get|show|print|fetch|list|query|echo)_(?:my_?|all_?|open_?)?(positions|orders|trades|pnl|balance|alerts|tasks|accounts)(?:\(\))?;?$/i,
    '$1',
  ],
  [
    /^(?:get|show|print|fetch|query)[ _.]?(quote|price|px|last|vwap|rsi|macd|atr|spread|rvol|chart|volume|levels)\(["']?\$?([a-z.-]{1,10})["']?\);?$/i,
    '$1 $2',
  ],
  [
    /^(quote|price|vwap|rsi|macd|atr|spread|rvol|chart|levels|close|watch|unwatch|mute|unmute|advise|scaleout|breakeven)\(["']?\$?([a-z.-]{1,10})["']?\);?$/i,
    '$1 $2',
  ],
  [/^(buy|sell|add|trim|stop|target|trail)\(["']?\$?([a-z.-]{1,10})["']?, ?([\d.,]+%?)\);?$/i, '$1 $2 $3'],
  [/^(buy|sell|add|trim|long|short)\(["']?\$?([a-z.-]{1,10})["']?, ?([\d,]+), ?([\d.]+)\);?$/i, '$1 $3 $2 @ $4'],
  // `position amzn += 25`
  [
    /^(?:position|positions|pos|holding|shares)?[ .[(]*["']?\$?([a-z.-]{1,10})["']?[\])]* ?\+= ?(\d[\d,]*k?)(?: ?@ ?([\d.]+))?;?$/i,
    'add $2 $1 @ $3',
  ],
  [
    /^(?:position|positions|pos|holding|shares)?[ .[(]*["']?\$?([a-z.-]{1,10})["']?[\])]* ?-= ?(\d[\d,]*k?)(?: ?@ ?([\d.]+))?;?$/i,
    'trim $2 $1 @ $3',
  ],
]
/** `price(intc)`, `last(intc)`, `intc.price` before a side of a price. */
const priceOf =
  /\b(?:price|px|last|close|mark|mid)\(["']?\$?([a-z.-]{1,10})["']?\)|(?<![\w.])\$?([a-z]{1,6})\.(?:price|px|last|mark)\b(?= ?(?:[<>=]|hits|is|goes|drops|falls|rises|reaches|touches|crosses|breaks))/gi
const begins =
  /^(?:please )?(?:new order|order new|new|order|submit|place|send|exec|execute|create|put|post)(?: (?:a |an |the )?(?:new )?order)?[:,]? (?=(?:buy|sell|long|short|close|add|trim)\b)/i

/** A text as a program would write it, in words: `order new side=buy sym=QQQ qty=20` is `buy $QQQ 20`. Other texts stay as they are. */
export function inWords(text: string): string {
  if (!/[=(]|--?[a-z]|\w[._]\w/i.test(text) || text.length > 300) return text
  let said = text
  for (const [form, words] of figures) said = said.replace(form, words)
  said = said
    .replace(/ @ *$/, '')
    .replace(priceOf, (_, one: string | undefined, other: string | undefined) => one ?? other!)
  const [typed, acts] = side.exec(said) ?? []
  if (typed !== undefined) said = `${acts!.toLowerCase()} ${said.replace(typed, ' ')}`
  said = said.replace(kind, ' at market ')
  const put = (whole: string, key: string, _: string, given: string) => {
    const words = saidOf.get(key.toLowerCase())
    if (words === undefined) return whole
    return ` ${words === '$' && given.startsWith('$') ? '' : words}${given} `
  }
  said = said.replace(assigned, put).replace(flagged, put).replace(bare, ' $1 ')
  if (said === text) return text
  const plain = said.replace(/\s+/g, ' ').trim()
  if (typed === undefined) return plain.replace(begins, '')
  // `buy order new $qqq 20`: the side stands first already.
  return plain.replace(
    /^(\w+) (?:please )?(?:new order|order new|new|order|submit|place|send|exec|execute|create)(?: order)?(?= )/i,
    '$1',
  )
}
