/**
 * Forms of the verbs that commands begin with: does, did, done, doing. People use these forms to talk about a command; a
 * command itself uses the base form.
 */
const irregular: Record<string, [does: string, did: string, done: string, doing: string]> = {
  buy: ['buys', 'bought', 'bought', 'buying'],
  sell: ['sells', 'sold', 'sold', 'selling'],
  get: ['gets', 'got', 'gotten', 'getting'],
  take: ['takes', 'took', 'taken', 'taking'],
  give: ['gives', 'gave', 'given', 'giving'],
  set: ['sets', 'set', 'set', 'setting'],
  put: ['puts', 'put', 'put', 'putting'],
  cut: ['cuts', 'cut', 'cut', 'cutting'],
  hit: ['hits', 'hit', 'hit', 'hitting'],
  let: ['lets', 'let', 'let', 'letting'],
  make: ['makes', 'made', 'made', 'making'],
  bring: ['brings', 'brought', 'brought', 'bringing'],
  throw: ['throws', 'threw', 'thrown', 'throwing'],
  send: ['sends', 'sent', 'sent', 'sending'],
  go: ['goes', 'went', 'gone', 'going'],
  pick: ['picks', 'picked', 'picked', 'picking'],
  blow: ['blows', 'blew', 'blown', 'blowing'],
  bid: ['bids', 'bid', 'bid', 'bidding'],
  feed: ['feeds', 'fed', 'fed', 'feeding'],
  spread: ['spreads', 'spread', 'spread', 'spreading'],
  break: ['breaks', 'broke', 'broken', 'breaking'],
  ring: ['rings', 'rang', 'rung', 'ringing'],
  undo: ['undoes', 'undid', 'undone', 'undoing'],
  run: ['runs', 'ran', 'run', 'running'],
  start: ['starts', 'started', 'started', 'starting'],
  show: ['shows', 'showed', 'shown', 'showing'],
  tell: ['tells', 'told', 'told', 'telling'],
  shut: ['shuts', 'shut', 'shut', 'shutting'],
  draw: ['draws', 'drew', 'drawn', 'drawing'],
}

const regular = new Set(
  `close trim add short exit flatten dump puke liquidate unload offload ditch unwind cover cash kill bail grab nab snag
  scoop load purchase place order lift open reduce halve lighten peel pare shave shrink average double increase top press
  scale start phase ease work twap dribble bleed slice trickle taper stagger distribute cancel stop halt abort end drop
  move raise lower tighten widen loosen bump change adjust update shift attach bracket protect trail turn convert switch
  use arrange call advise finish chip hand explain pause resume follow pull slide amend modify edit reprice replace walk yank
  remove delete scrap withdraw schedule queue nuke clear abandon sweep lock enter record log track mark step peel chop dial mute unmute silence snooze watch unwatch list
  notify ping chart plot check square halve terminate clean protect place modify erase`.split(/\s+/),
)

/** Verbs that double their last letter before `-ed` and `-ing`. */
const doubled = /^(trim|grab|nab|snag|stop|drop|top|log|chop|twap|step|chip)$/

/** The forms of a command's words; undefined when they do not begin with a known verb. */
export function formsOf(words: string): Record<string, string> | undefined {
  const [verb = '', ...rest] = words.split(' ')
  const forms = irregular[verb] ?? (regular.has(verb) ? regularForms(verb) : undefined)
  if (!forms) return undefined
  const [does, did, done, doing] = forms.map((form) => [form, ...rest].join(' ')) as [string, string, string, string]
  return { do: words, does, did, done, doing }
}

function regularForms(verb: string): [string, string, string, string] {
  const stem = doubled.test(verb) ? verb + verb.at(-1) : verb.replace(/e$/, '')
  const does = /(s|x|ch|sh)$/.test(verb) ? `${verb}es` : `${verb}s`
  return [does, `${stem}ed`, `${stem}ed`, `${stem}ing`]
}
