import type { Chance } from '../random.ts'
import { formsOf } from './inflect.ts'
import { reason } from './reasons.ts'

const openings =
  'hey,hi,ok,okay,yo,so,alright,pls,please,desk,bot,hey desk,@deskhand,<@U12345>,well,right,guys,ok so,actually,hmm ok,quick one:,um,and,now,just,yeah,sorry,morning,cool,great'.split(
    ',',
  )
const closings =
  'please,pls,plz,thanks,thx,ty,now,asap,for me,mate,man,bro,thank you,right now,quickly,rn,ok?,will you,would you,dude,👍,🙏,🚀,👀,🎯,😬,✂️,📈,📉,☕,⏰,😳,🚨,😅,🤑,💰,🔥,:rocket:,!,!!,!!!,.,..,...,today,when you can,if possible,kindly,cheers,buddy'.split(
    ',',
  )
const questionClosings =
  'please,pls,thanks,thx,?,??,rn,right now,man,bro,mate,today,👀,🤔,📈,😬,☕,for me,now,guys?,.'.split(',')
const chatterOpenings =
  'lol,haha,man,bro,dude,yeah,nah,ok,well,so,ngl,tbh,honestly,idk,omg,damn,hey,guys,imo,fwiw,yo,and,but,@mike,<@U777>,wow,ugh,also,btw,actually,oh,see,ya'.split(
    ',',
  )
const chatterClosings =
  'lol,haha,lmao,😂,🤣,🚀,😭,tbh,ngl,imo,man,bro,smh,..,...,!,!!,?,.,guys,dude,again,today,right?,rip,fr,no cap,💀,🙈,😅,yesterday,xd,this week,hehe'.split(
    ',',
  )

/** Reasons and remarks around a request; chatter has them too, so that they mean nothing by themselves. */
const reasons =
  "i've had enough of it,had enough of this stock,it's going nowhere,this thing is dead,too risky for me,too much risk here,need the cash,earnings tonight,earnings are tomorrow,don't want to hold it overnight,don't want it over the weekend,not in one go,not all at once,nothing fancy,no rush,take your time,no limit,market is ok,at any price,whatever price,before i change my mind,let's go,do it,it's time,i think it runs from here,looks good here,love this setup,that's enough for me,feels toppy,it's getting too big,i'm too heavy in it,so i can sleep,let the rest run,keep the rest,i'm keeping the others,without moving the market,don't spook the market,no more pain,sick of it,fed up with it,tired of watching it,enough profit,my wife insists,i'm serious,for real,you heard me,if you please,be so kind,my friend,chief,when you get a chance,this time,again,like last time,as usual,same as before,i need to run,i'm off to lunch,heading out,it's too volatile,i don't trust this bounce,the trend is gone,it's breaking down,it looks weak,volume is drying up,spread looks fine,send it,go go go,quick quick,on the double,good luck to us,fingers crossed,hope that works,done with this name for good,it has paid for my summer,it treated me well,it did its job,we had a good run with it,i'm away all next week,we fly out tonight,i'm travelling tomorrow,i'm going on vacation,i'm off to the beach,they keep buzzing,they never stop,they are too many for me,it's more than i can read,my phone won't stop,it drives me crazy,that's annoying,it's spamming me,enough for one day,it's enough now,is enough now,i hold what's left,the remaining i hold,the rest stays,the others stay,leave the other part alone,the second half can run,i'd like to hear it again,i want to hear from it once more,before i step out,before i go to bed,before i leave the house,before i take off,i'd sooner keep it,i prefer to hold it,what a disaster,this is terrible,i don't need it anymore,it's not needed anymore,i prefer to sit in cash,only cash for me,with luck we never touch it,better safe than sorry,just in case,my nerves can't take it,i can't concentrate,i'm getting nervous,out of patience,i want to sleep tonight,cash is better now,the dog needs a vet,i need it for my taxes,my kids need shoes,it makes me nervous,they're driving me up the wall,we've had our fun,it's been a good ride,we don't like it here,so we don't miss it,so i don't have to watch it,because it's too hot,because i'm tired,since i'm not at my desk,as i have a meeting,and be careful,and that's it,and then i'm gone,and let me know,it never fills anyway,it won't fill otherwise,nobody lifts me up there,did it by phone,it's on my other account,filled elsewhere,leave the rest alone,the rest i keep,put it in please,work it,make it happen,that would be great,so i don't forget,i changed my mind,i changed the idea,before lunch,i go to the airport,i want out,i want to be flat,so please do it,do it like this,like always,and nothing else,for the weekend,while it's pumping,while it's green,it has run far enough,lfg,let's goooo,ez,easy money,gogogo,cheers mate,ta,no questions,and make it snappy,and tell me when done,and thank you".split(
    ',',
  )
const heads =
  "ok that's enough,this is going nowhere,i'm too heavy here,changed my mind,looks toppy,looks weak,dear desk,tell the bot,tell the desk,new order,order for you,next one,here we go,one more thing,first,second,then,too big for me,this is too risky,i've seen enough,not waiting any longer,my turn,request,instruction,note,task for you,listen,look,good day,good afternoon,hi there,hey team,after that,in that case,fine,right then,ok boss,dude i'm done,screw it,whatever,enough,i've had enough,it was good to me,this one makes me nervous,i'm going on holiday,i'm leaving now,i can't watch this,it's a bit much,i like this one,i fancy a bit of it,looks cheap to me,ugh fine,ugh,market is crazy today,market crazy today,right i'm off,i'm off on holiday,i'm getting nervous,it's a dog,it's trash,i'm done with this one,i had my fun,sorry i wrote wrong,for the record,just so you know,fyi,boss,sir,excuse me,kindly,do one thing,my limit is too low,my nerves are gone,i don't want more,tomorrow no,this is awful,these are annoying,too noisy,not interested anymore,i don't want this anymore,no time today,i have to leave,meeting in five,my battery is dying,one favour,a small thing,since you ask,by the way,as i said,as discussed,i thought about it,better safe than sorry,just in case,short and sweet,so".split(
    ',',
  )

const slang: [RegExp, string][] = [
  [/\byou\b/, 'u'],
  [/\bare you\b/, 'r u'],
  [/\bplease\b/, 'pls'],
  [/\bplease\b/, 'plz'],
  [/\bwant to\b/, 'wanna'],
  [/\bgoing to\b/, 'gonna'],
  [/\bposition\b/, 'pos'],
  [/\bpositions\b/, 'pos'],
  [/\blet me\b/, 'lemme'],
  [/\bgive me\b/, 'gimme'],
  [/\bwhat is\b/, 'whats'],
  [/\bright now\b/, 'rn'],
  [/\bshares\b/, 'shs'],
  [/\bfor\b/, '4'],
  [/\btoday\b/, '2day'],
  [/\babout\b/, 'abt'],
  [/\band\b/, '&'],
  [/\band\b/, 'n'],
  [/\bwith\b/, 'w/'],
  [/\bout of\b/, 'outta'],
  [/\bgradually\b/, 'bit by bit'],
  [/\bshould\b/, 'shud'],
  [/\btarget\b/, 'tgt'],
  [/\bmarket\b/, 'mkt'],
  [/\baverage\b/, 'avg'],
  [/\bquantity\b/, 'qty'],
  [/\bthe\b /, ''],
  [/\bmy\b /, ''],
  [/\ba\b /, ''],
]

/** Requests around a verb, as people say them who learned English late. `{do}` is the verb with its objects. */
const learners =
  'i want {do},i want to {do},i like to {do},i would like {do},i would like to {do},i wish to {do},i need {do},i need to {do},i must {do},i want that you {do},i ask you to {do},please to {do},please do {do},kindly {do},pls kindly {do},sir please {do},dear desk please {do},help me {do},help me to {do},you can {do},you {do} please,you must {do} now,is possible to {do},is it possible to {do},can you {do} for me,could you please {do},it is time to {do},time to {do},we want to {do},we {do} now,now {do},to {do},must {do},go {do},{doing} please,{doing} now'.split(
    ',',
  )

/** Requests around a verb in polite words. */
const polite =
  "would you {do},would you please {do},would you kindly {do},would you {do} for me,would you mind {doing},could you {do},could you kindly {do},could i ask you to {do},can i have you {do},may i ask you to {do},i'd like to {do},i would like to {do},i should like to {do},i'd like you to {do},i'd prefer to {do},i would prefer to {do},i'd be glad if you would {do},i'd be grateful if you could {do},be so good as to {do},be so kind as to {do},be a dear and {do},please arrange to {do},please go ahead and {do},go ahead and {do},kindly {do},if you would, {do},do me a favour and {do},any chance you could {do},let's {do},lets {do},i need you to {do},i'm going to need you to {do},i think we should {do},it is time you {do},we should {do} now,so please {do},then please {do},so would you {do},so could you {do}".split(
    ',',
  )

/** A request in one of the wordings; the sentence itself if it does not begin with a known verb. */
function asRequest(sentence: string, wordings: string[], chance: Chance): string {
  const forms = formsOf(sentence)
  const said = chance.pick(wordings)
  return forms ? said.replace(/\{(do|doing)\}/, (_, form: string) => forms[form]!) : sentence
}

/** Small words that people leave out who type on a phone. */
const small = /\b(the|my|a|an|of|to|on|for|it|is|i|am) (?=\S)/g

/**
 * A variation of a sentence as another person would type it: openings, thanks, slang, typing mistakes, letter case, missing
 * apostrophes.
 */
export function varied(sentence: string, label: string, chance: Chance): string {
  let text = sentence
  if (chance.is(0.2)) {
    const [from, to] = chance.pick(slang)
    text = text.replace(from, to)
  }
  if (chance.is(0.2)) text = asRequest(text, chance.is(0.5) ? learners : polite, chance)
  if (chance.is(0.05)) text = text.replace(small, '')
  if (text.includes(' ') && (!isQuestion(text) || polited.test(text))) {
    if (chance.is(label === 'none' ? 0.1 : 0.2)) {
      const said = chance.is(0.5) ? chance.pick(reasons) : reason(chance)
      text = `${text}${chance.pick([',', '', '', '.', ' -'])} ${said}`
    }
    if (chance.is(label === 'none' ? 0.07 : 0.13)) {
      const said = chance.is(0.4) ? chance.pick(heads) : reason(chance)
      text = `${said}${chance.pick([',', ':', '', ' -', '.', ', so', ';'])} ${text}`
    }
  }
  if (label === 'none') {
    if (chance.is(0.16)) text = `${chance.pick(chatterOpenings)}${chance.is(0.25) ? ',' : ''} ${text}`
    if (chance.is(0.22)) text = `${text} ${chance.pick(chatterClosings)}`
  } else {
    if (chance.is(0.16)) text = `${chance.pick(openings)}${chance.is(0.25) ? ',' : ''} ${text}`
    if (chance.is(0.18)) text = `${text} ${chance.pick(isQuestion(text) ? questionClosings : closings)}`
    else if (isQuestion(text) && chance.is(0.5)) text = `${text}?`
  }
  text = text.replace(/ (?=[!?.]+$)/, '')
  if (chance.is(0.45)) text = text.replaceAll("'", '')
  if (chance.is(0.1)) text = misspelt(text, chance)
  if (chance.is(0.12)) text = `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`
  if (chance.is(0.02)) text = text.toUpperCase()
  if (chance.is(0.04)) text = text.replace(/,/g, '')
  return text.replace(/\s+/g, ' ').trim()
}

/** A request in the form of a question. */
const polited = /^(would|could|can) (you|i) /

function isQuestion(text: string): boolean {
  return /^(what|whats|where|wheres|how|hows|is|are|am|do|does|did|should|would|could|can|why|which|who|when|any)\b/.test(
    text,
  )
}

/** Misspells one word of plain letters: two letters swapped, one missing, one doubled, or one from the next key. */
function misspelt(text: string, chance: Chance): string {
  const words = text.split(' ')
  const long = words.flatMap((word, index) => (/^[a-z]{4,}$/.test(word) ? [index] : []))
  if (long.length === 0) return text
  const index = chance.pick(long)
  const word = words[index]!
  const at = chance.below(word.length - 1)
  const kind = chance.below(4)
  if (kind === 0) words[index] = word.slice(0, at) + word[at + 1] + word[at] + word.slice(at + 2)
  else if (kind === 1) words[index] = word.slice(0, at + 1) + word.slice(at + 2)
  else if (kind === 2) words[index] = word.slice(0, at) + word[at] + word.slice(at)
  else words[index] = word.slice(0, at) + beside(word[at]!, chance) + word.slice(at + 1)
  return words.join(' ')
}

const rows = ['qwertyuiop', 'asdfghjkl', 'zxcvbnm']

function beside(letter: string, chance: Chance): string {
  const row = rows.find((keys) => keys.includes(letter)) ?? rows[0]!
  const at = row.indexOf(letter)
  return row[Math.max(0, Math.min(row.length - 1, at + (chance.is(0.5) ? 1 : -1)))]!
}
