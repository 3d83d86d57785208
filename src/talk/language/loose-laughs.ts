/** Laughter, as people put it between a request and a remark. */
const laugh = '(?:lol+|lmao+|lmfao|rofl|haha(?:ha)*|hehe(?:he)*|xd+|kek)'
/** Verbs and nouns at the beginning of a request for the desk. */
const requests =
  /^(?:(?:please|pls|ok|okay|yo|desk|bot|alright|so|hey|can you|could you),? )*(?:sell|trim|cut|lighten|reduce|scale|scaleout|feed|bleed|drip|work|close|exit|dump|unload|kill|cancel|cxl|scratch|stop|end|put|set|move|bump|raise|lower|trail|drag|bring|slide|add|buy|grab|get me|take|record|log|just (?:shorted|bought|longed|went (?:long|short))|shorted|long|short|watch|unwatch|mute|unmute|is the market|are we open|show|what'?s|how much|alert|ping me|lmk)\b/i
/** A size, a price, a share, or a thing that can be meant for the desk alone. */
const tells =
  /\d|\b(?:half|third|quarter|scale-?outs?|order|stop|break-?even|watch-?list|market|pnl|p&l|position|positions|alerts?|limit)\b/i
/** Words of talk, in which the laughter is about the request itself. */
const jests =
  /\b(?:jk|joking|kidding|imagine|would|should|wish|he|she|they|everyone|everybody|nobody|who|someone|if only|never|always|people|guys)\b/i

/**
 * A request with laughter in it as its words and its remark: `sell half my hood lol im scared` is `sell half my hood, im scared`. Undefined
 * when the laughter may be about the request itself.
 */
export function withoutLaughs(text: string): string | undefined {
  const [found] = text.match(new RegExp(`(?<=\\S \\S+),? \\b${laugh}\\b`, 'i')) ?? []
  if (found === undefined) return undefined
  const at = text.indexOf(found)
  const request = text.slice(0, at).trim()
  const rest = text.slice(at + found.length).replace(/^[\s,.!:;-]+/, '')
  if (!requests.test(request) || !tells.test(request) || jests.test(text)) return undefined
  if (/[\d$%?]/.test(rest.replace(/\?$/, '')) && !/^(?:no rush|slow|fast|medium|smart)\b/i.test(rest)) return undefined
  return rest === '' ? request : `${request}, ${rest}`
}
