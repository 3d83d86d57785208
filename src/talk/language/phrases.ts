/**
 * How people say a command in other words than its name and the aliases in the database. A phrase is compared without
 * articles and politeness, and also with symbols and amounts taken out: `get me out` finds `get me half out of BYND`.
 */
const phrases: Record<string, string> = {
  long: 'went long, go long, am long, im long, bought, got long, picked up',
  short: 'went short, go short, am short, im short, shorted, got short, sold short',
  buy: 'grab me, buy me, get me, purchase, scoop up, pick up, load up on, buy order, buy to open, order, market buy, limit buy, grab, scoop, snag, snag me, nab',
  'buy short': 'buy to cover, buy to close, buy back',
  sell: 'dump, offload, unload, sell off, get rid of, let go of, sell order, sell to close, sell me out, market sell, limit sell',
  add: 'add to, average down, average up, average in, double down, add more',
  trim: 'reduce, cut, lighten, lighten up, pare, pare back, pare down, take some off, take off, cut back, shave, take some profit',
  'close now': 'go flat, get flat, flatten out, go flat on, flatten position',
  close: `exit, get out, get me out, take me out, close out, liquidate, bail out, bail, square off,
    exit position, close me out, exit trade, close trade, close it out`,
  'close all': `close everything, close all, close all positions, flatten all, flatten everything, exit all, exit everything, sell everything,
    liquidate all, liquidate everything, get me out everything, dump everything, close every position, close out everything, exit all positions,
    flatten all positions, get me out of everything, close whole book, flatten book, close all out, liquidate whole account, liquidate account, close whole account, liquidate whole book`,
  scaleout: `scale out, scale me out, scale it out, scaling out, scale-out, work me out, work out, ease out, ease me out, leg out, wind down, unwind,
    sell gradually, drip out, feed out, start scaleout, start scaling out, begin scaleout, scale out gradually, sell chunks, sell in chunks`,
  'cancel scaleout': `stop scaleout, stop scaling out, cancel scale out, cancel scale-out, stop scale out, stop scale-out, kill scaleout, abort scaleout,
    end scaleout, halt scaleout, quit scaling out, cancel scaling out, call off scaleout`,
  bracket:
    'set bracket, set up bracket, bracket order, put bracket, put bracket on, add bracket, build bracket, bracket it',
  'bracket off':
    'remove bracket, cancel bracket, delete bracket, kill bracket, clear bracket, take off bracket, turn off bracket',
  stop: `stop loss, set stop, put stop, move stop, raise stop, lower stop, tighten stop, set stop loss, put stop loss, place stop, move stop loss,
    move sl, set sl, put sl, add stop, stop out, change stop, bump stop, trail stop up, stop-loss, set stop-loss, put in stop, stop order`,
  target: `set target, move target, put target, raise target, lower target, set tp, put tp, set take profit, take profit, add target, change target,
    profit target, take profits, take-profit`,
  'stop off': `remove stop, cancel stop, delete stop, kill stop, clear stop, take off stop, turn off stop, remove stop loss,
    cancel stop loss, delete stop loss, take stop off`,
  'target off': `remove target, cancel target, delete target, kill target, clear target, take off target, turn off target,
    remove take profit, cancel take profit, take target off`,
  trail:
    'trailing stop, set trailing stop, set trail, put trailing stop, trail stop, trail stop loss, add trailing stop, trail it',
  breakeven: `move stop to breakeven, move stop to break even, stop to breakeven, stop to break even, set stop to breakeven, stop at breakeven,
    move stop to entry, stop to entry, stop at entry, set stop to entry, set stop at breakeven, break even, break-even, move stop to break-even,
    put stop at breakeven, set breakeven, go breakeven, move to breakeven, stop breakeven, put stop at entry, set stop at entry, set breakeven stop,
    move stop up to breakeven, stop to be, move stop to be, breakeven stop`,
  advise: `should i exit, should i sell, should i close, should i get out, should i hold, should i trim, should i take profits, should i take profit,
    should i stay in, should i bail, should i scale out, should i hold or sell, should i sell or hold, should i cut, should i stay,
    hold or fold, hold or sell, sell or hold, exit or hold, what would you do, what should i do, advice, any advice, exit analysis, analyze,
    analyse, is it time to exit, is it time to sell, is it time to get out, is it time to close, is it time to bail, is it time for me to exit,
    is it time for me to sell, is it time for me to get out, is it time for me to close, is it time for me to bail, time to get out, time for me to get out, what do you recommend, give me advice, should i keep holding, do i hold or
    sell, what is your take, what's your take, should i get out or hold, should i exit or hold, stay or go, recommend`,
  pl: `p/l, p&l, pnl, how am i doing, how are we doing, am i up, am i green, am i down, how much am i up, how much am i down, how much have i made,
    how much have i lost, what am i up, what is p&l, how's trade doing, how is trade doing, profit and loss, profit, unrealized, how is doing,
    how's doing, how am i doing on, my pnl, my profit, performance, how much am i making`,
  positions: `what do i hold, what am i holding, what do i have, what do i own, open positions, holdings, portfolio, book, what is open, what's open,
    what are positions, list positions, current positions, what am i in`,
  orders: `open orders, working orders, pending orders, resting orders, what's working, what is working, list orders, what orders are working,
    what orders do i have, any open orders, any working orders`,
  cancel:
    'cancel order, cancel all orders, pull order, pull all orders, kill order, cancel orders, cancel everything, pull orders, kill all orders',
  move: 'move order, change order, amend order, modify order, reprice order, reprice',
  history: 'past trades, trade history, past runs, what ran, recent trades, list history, trades',
  tasks: `what is running, what's running, running tasks, background tasks, progress, list tasks, how far is scaleout, how's scaleout going,
    how is scaleout going, what runs`,
  undo: 'undo that, take that back, undo last one, revert that, undo last, undo it, revert',
  quote: `price of, how much is, what is at, what's at, where is, where's, where is trading, where's trading, where is at, where's at,
    what is trading at, what's trading at, last price, current price, what is price of, what's price of, get quote, last trade, bid ask, bid and ask,
    what is price, what's price, price check, quote for, what does cost, how's trading, how is trading`,
  chart: 'show chart, draw, plot, graph, candles, chart of, pull up chart, draw chart, draw me, plot me, candlestick',
  vwap: "volume weighted average price, volume-weighted average price, above vwap, below vwap, where is vwap, where's vwap, get vwap",
  rvol: "relative volume, rel vol, relvol, how is volume, how's volume, unusual volume",
  vp: 'volume profile, point of control, poc, value area, vol profile, volume by price',
  rsi: 'relative strength, relative strength index, is overbought, is oversold, overbought, oversold',
  atr: 'average true range, how volatile is, true range',
  macd: 'moving average convergence divergence, macd cross',
  levels:
    "support and resistance, support, resistance, key levels, supports, resistances, s/r, support levels, resistance levels, support resistance, where is support, where's support, where is resistance",
  watch: 'keep eye on, keep an eye on, start watching, follow, track, monitor',
  unwatch: 'stop watching, unfollow, stop following, stop tracking',
  mute: 'mute alerts, silence alerts, snooze alerts, pause alerts, snooze',
  unmute: 'unmute alerts, turn alerts back on, resume alerts',
  quiet: 'quiet hours, set quiet hours',
  digest: 'what did i miss, catch me up, what happened while i was away, summary, anything happen',
  why: `why did you, why did you sell, why did you close, why did you exit, why did you do that, why did guardian, why was that proposed, why was sold,
    why did you propose that, why did that happen, explain that, why was that sold, why was closed, why did sell`,
  help: 'what can you do, how does this work, list commands, commands, what commands are there, what can i say, show commands, how do i use you',
  timezone: 'time zone, set timezone, set time zone, set my timezone, my time zone is',
  notify:
    'notify me, dm me, send me dm, ping me when done, let me know when done, notify me when done, tell me when done, ping me',
}

/** Phrases that say so little that they count only with a symbol or an amount beside them. */
const thin = new Set(
  `bought, picked up, grab me, get me, pick up, order, purchase, dump, offload, unload, reduce, cut, lighten, pare, take off, shave, get out,
  bail, bail out, unwind, wind down, work out, ease out, draw, plot, graph, follow, track, monitor, where is, where's, what is at, what's at, how is
  doing, how's doing, how much is, support, resistance, supports, resistances, progress, performance, summary, profit, trades, candles,
  get rid of, let go of, average down, average up, average in, double down, add to, am long, im long, am short, im short, go long, go short,
  got long, got short, went long, went short, shorted, sold short, square off, take profits, take profit, recommend, advice, revert, snooze,
  take some off, cut back, scoop up, scoop, snag, snag me, nab, load up on, add more, grab, sell off, how is volume, how's volume, how's trading, how is trading, book, stop out,
  overbought, oversold, what is price, what's price, is overbought, is oversold, analyze, analyse, go flat, get flat, explain that`
    .split(/,\s*/)
    .map((phrase) => phrase.trim()),
)

/** Every phrase with its command, or its command and words of it, in small letters and single spaces. */
export const phraseList: { words: string; command: string; isThin: boolean }[] = Object.entries(phrases).flatMap(
  ([command, said]) =>
    said
      .split(/,\s*/)
      .map((words) => ({ words: words.replace(/\s+/g, ' ').trim(), command }))
      .map((phrase) => ({ ...phrase, isThin: thin.has(phrase.words.replace(/\s+/g, ' ')) })),
)
