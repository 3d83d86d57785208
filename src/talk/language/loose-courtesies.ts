/** The plain form of the verbs of requests, by the form behind `mind`: `would you mind trimming`. */
const plainVerbs: Record<string, string> = Object.fromEntries(
  `trim sell buy close check tell show grab get add set move put raise lower bring scale cancel dump pull give send list turn mute watch exit
  shut tighten bump take cut pick purchase short flatten trail place drop reduce unload work feed start stop end kill shave lop clip knock
  offload liquidate bail draw plot run look read drag slide push walk cover bracket protect alert ping let make quote scrap bin ditch
  scratch remove record log note book enter register double find confirm explain print pause finish split change nudge shift schedule
  unmute unwatch silence advise lighten`
    .split(/\s+/)
    .map((verb) => [gerundOf(verb), verb]),
)

/** `trimming` of `trim`, `closing` of `close`. */
function gerundOf(verb: string): string {
  if (/[^e]e$/.test(verb)) return `${verb.slice(0, -1)}ing`
  const isDoubled =
    /^(?:trim|get|set|put|shut|cut|drop|stop|run|let|cancel|scrap|bin|split|clip|lop|plot|quit|pin)$/.test(verb)
  return isDoubled ? `${verb}${verb.at(-1)}ing` : `${verb}ing`
}

const gerunds = Object.keys(plainVerbs).join('|')

/** People and things that somebody is for a favour. */
const dear =
  '(?:dear|darling|love|star|legend|champ|champion|pal|mate|gem|saint|angel|hero|good (?:lad|egg|sport|boy|chap|man|desk|bot)|sport|lamb|doll|treasure|honey|sweetheart|lifesaver|peach)'
const sorry =
  "(?:(?:so |very |really )?(?:sorry|apologies)|forgive me|pardon me|excuse me)(?: (?:if|for|about|to) (?:this|that|it|bother|be|trouble|disturb|the|a|my|all|being|asking|i)(?:'s| is)?(?: [a-z']+){0,6})?"

/** A verb behind `mind`, in its plain form. */
export const withPlainVerb = (text: string): string =>
  text.replace(
    new RegExp(
      `^((?:(?:hey|hi|ok|so|well|please|desk|@desk|@bot)[, ]+)*)(?:(?:would|will|do|could|can) (?:you|ya|u) )?(?:mind|fancy|kindly consider) (?:just |please |maybe )?(${gerunds})(?= )`,
      'i',
    ),
    (_, call: string, verb: string) => `${call}can you ${plainVerbs[verb.toLowerCase()]!}`,
  )

/**
 * Words of courtesy around a request, which say nothing about it: what precedes it (`be a dear and …`, `if it's not too much trouble, …`)
 * and what follows (`… if you don't mind`, `… thanks a million`).
 */
export const courtesyTurns: [RegExp, string][] = [
  // `would ye ever pick up 500 bac`
  [
    /^(?:would|could|can|will) (?:ye|ya|yous|yis|yer man|u|you)(?: ever| possibly| maybe| perhaps| ever so kindly)* (?=[a-z]+ \S)(?<!\b(?:would|could|can|will) you )/i,
    'can you ',
  ],
  // `grab 200 rivian at 12.40 if you can mate`
  [
    /(?<=\S \S+ \S+),? (?:mate|bud|buddy|pal|boss|bro|chief|sir|dude|man|love|friend)(?=[\s.!]*$)(?<!\b(?:my|the|a|his|her|your|this|that) \w+)/i,
    '',
  ],
  // `hiya, for the books: …`, `just so you know mate, …`, `dumb question, but …`
  [
    /^(?:hiya|heya|howdy|g'day|gday|oi|ahoy|ello|aloha|hallo|greetings|evening|afternoon|morning|mornin)(?: (?:all|mate|team|desk|folks|there|lads|friend|chief|boss))?[,.!]+ (?=\S+ \S)/i,
    '',
  ],
  [
    /^(?:actually|right then|righto then|alright then|ok then|okay then|now then|anyway|anyhow|anyways|look|listen|oh|ah|hmm+|erm?|umm?|uhm?|oh well|honestly|basically|ok so|alright so|right so),+ (?=\S+ \S)/i,
    '',
  ],
  [
    /^(?:just )?(?:for (?:the|my|your|our) (?:books?|records?|log|journal|ledger|sheet|record ?book)|for the record|just so you know|so you know|fyi|for your (?:info|information|records)|heads[- ]up|note to (?:desk|bot|self))(?: (?:mate|desk|bot|boss|chief|lads|folks))?[,:;.-]+ (?=\S+ \S)/i,
    '',
  ],
  [new RegExp(`^${sorry}[,.!]+ (?:but |and )?(?=\\S+ \\S)`, 'i'), ''],
  [
    /^(?:(?:a |just a |another |one )?(?:quick|dumb|silly|stupid|daft|simple|small|little|random|rookie|newbie|noob) (?:question|one|request|favou?r|thing)|out of (?:curiosity|interest)|just (?:curious|wondering|checking)|quick check)[,:;.!-]+ (?:but )?(?=\S+ \S)/i,
    '',
  ],
  [
    /^if (?:it|that)(?:'s| is|s) (?:not (?:too much|a|any|much|too)|no) (?:trouble|bother|hassle|problem|to ask)[, ]+(?=\S+ \S)/i,
    '',
  ],
  [
    /^(?:if|when) (?:you|ya) (?:don'?t mind|would|wouldn'?t mind|could|please|can|get (?:a|the) (?:sec|second|minute|moment|chance)|have (?:a|the) (?:sec|second|minute|moment|chance|time))[, ]+(?=\S+ \S)/i,
    '',
  ],
  [
    new RegExp(
      `^(?:(?:could|would|can|will) (?:you|ya|u) )?(?:please |just )?be (?:a|an|my) ${dear}(?: for me)?(?:,)? and (?:please |just )?(?=[a-z])`,
      'i',
    ),
    'can you ',
  ],
  [
    /^(?:(?:could|would|can|will) (?:you|ya|u) )?(?:please |just )?do (?:me|us) (?:a|the|one|this) (?:quick |small |little |big |huge )?(?:favou?r|kindness|solid)(?: and|[,:]) (?:please |just )?(?=[a-z])/i,
    'can you ',
  ],
  [/^(?:is there )?any chance (?:you|ya|u) (?:could|can|might|would) (?=[a-z])/i, 'can you '],
  [/^(?:any|is there a) chance (?:of|to) (?:getting|seeing|having|get|see|have) (?=\S)/i, 'can you show me '],
  [
    /^(?:i was |i'm |im |am )?(?:just )?(?:curious|wondering|interested|keen to know|dying to know|trying to work out|not sure) (?:as to )?(?=(?:where|what|how|when|which|who|whether|if)\b)/i,
    'tell me ',
  ],
  // `… if you don't mind`, `… thanks a million`, `… you star`
  [
    /(?<=\S \S+),? (?:if|when|whenever|as soon as) (?:you|ya|u) (?:don'?t mind|do not mind|would|wouldn'?t mind|could|can|be so kind|get (?:a|the) (?:sec|second|minute|moment|chance)|have (?:a|the) (?:sec|second|minute|moment|chance|time)|'?re free|are free|'?re ready|are ready|feel like it|fancy)(?=[\s.!?]*$|[,;.!?] )/gi,
    '',
  ],
  [
    /(?<=\S \S+),? (?:would|will|could|can) (?:you|ya|u)(?: (?:please|pls|mate|kindly))?(?=[\s.!?]*$|[,;] (?:i|it|this|that|the|my|we)\b)/gi,
    '',
  ],
  [
    new RegExp(
      `(?<=\\S \\S+),? (?:(?:many )?thanks|cheers|thank you|thx|ta)(?: (?:very|so) much| a (?:million|lot|bunch|ton|mil|heap|bundle)| heaps| loads| tons)?(?:,? (?:you )?(?:absolute |total )?${dear})?(?=[\\s.!?]*$)`,
      'i',
    ),
    '',
  ],
  [
    new RegExp(
      `(?<=\\S \\S+),? (?:you'?re|you are|ur|you) (?:a|an|the) ?(?:absolute |total |real )?${dear}(?=[\\s.!?]*$)`,
      'i',
    ),
    '',
  ],
  [
    /(?<=\S \S+),? (?:(?:it(?:'d| would) be )?much appreciated|much obliged|appreciate it|i'?d appreciate (?:it|that)|bless you|god bless)(?=[\s.!?]*$)/i,
    '',
  ],
  [
    /(?<=\S \S+),? (?:and )?(?:sorry|apologies) (?:for|about) (?:all )?(?:the|my|that|this|being|asking|bothering|so)(?: [a-z'-]+){0,8}(?=[\s.!?]*$)/i,
    '',
  ],
  // `sell 1000 amc, oga`
  [
    /(?<=\S \S+)(?:,| ) ?(?:oga|yaar|bhai|bhaiya|ji|amigo|hombre|habibi|mon ami|kumpel|hermano|abeg|abi|wallah|inshallah|brudi|digga|se[nñ]or|signore|caro|liebling|meneer|monsieur|madame|lads|gents|chaps|folks|team|cobber|cuz|bruv|blud|fam|homie|dawg|buddy|matey|squire|guv|guvnor|my friend|my good man|old chap|old boy)(?=[\s.!?]*$)/i,
    '',
  ],
]
