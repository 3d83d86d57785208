import type { Chance } from '../random.ts'

/**
 * Clauses that people put beside a request: why they make it, where they are, who told them. Each is drawn from parts, so that a
 * model learns no clause by heart; chatter has the same ones, so that they mean nothing by themselves.
 */
const shapes: string[] = [
  '{am} {away} {span}',
  '{have} {lost} {span}',
  '{it} {looks} {state} {span}',
  '{measure} {got} {much}',
  '{kin} {tells} {what}',
  '{news} {is} {bad} {span}',
  '{not} {want} {it}',
  'so {that} i {can} {rest}',
  '{no} {hurry}',
  '{because} {it} {looks} {state}',
  '{because} {measure} {got} {much}',
  '{because} {am} {away} {span}',
  '{because} {kin} {tells} {what}',
  '{event} {comes} {span}',
  '{glad} {about} {it}',
  '{it} {moves} {span}',
]

const parts: Record<string, string> = {
  am: "i'm,i am,i shall be,i'll be,i will be,we are,we'll be,i am now,i've been",
  away: 'in a meeting,on a plane,at the dentist,in the dentist,away from my desk,on the road,offline,out,out for lunch,with the kids,in the car,on the train,busy,travelling,at the airport,with a client,in court,at school,on the beach,without a screen,under anaesthetic,on a call,at a wedding,in the gym,away',
  span: ',,,,today,this afternoon,all day,soon,until three,now,this week,over the weekend,in the morning,tonight,at the moment,for an hour,these days,already,again,lately',
  have: "i've,i have,we've,we have",
  lost: 'lost faith in it,lost patience,had enough,seen enough,made my money,changed my mind,become less hopeful,got cold feet,waited long enough,made enough,been burnt before,got what i came for,no more nerves,no more trust in it,a bad feeling,a good feeling about it,a plan,enough risk,enough of it,had my fun,learned my lesson,been patient,bills to pay,a mortgage to pay,other plans,better ideas',
  it: 'it,the stock,this one,she,the chart,the thing,the market,price,the tape,momentum,the story,this name,the sector,the trend',
  looks: 'is,looks,is looking,seems,feels,has become,got,gets,has got',
  state:
    'strong,weak,too hot,toppy,tired,overdone,cheap,expensive,heavy,strong enough,weak enough,good,nice,ugly,shaky,stretched,dead,boring,crazy,stuck,on fire,extended,interesting,unstable,too quiet,rich,sleepy,nervous,oversold,overbought,fragile',
  measure:
    'the risk,the size,the position,my exposure,my position,the weight,the swing,my margin,the volatility,the loss,the gain,my stake,the holding',
  got: 'is,has got,got,has become,is getting,became,feels,seems',
  much: 'too high,too big,too much,too large,uncomfortable,nice,good enough,more than i like,out of hand,a bit much,too heavy,bigger than planned,fine by me,too wild,enough for me,painful,ridiculous',
  kin: 'my wife,my husband,the boss,boss,my boss,my broker,my accountant,my doctor,my partner,my brother,the tax man,my mother,my therapist,the committee,my mentor,compliance,risk,the guru,my daughter,the wife,my landlord',
  tells:
    'told me,says,asks me,told me that,wants it,insists,is nervous,keeps asking,said so,asked,warned me,thinks,is right,reminds me',
  what: ',,haha,the risk is too high,it is too much,so,to be careful,to take profit,to relax,it is time,i trade too much,to behave,about it,it will drop,it is overvalued,we need the cash',
  news: 'news from beijing,news from the fed,the news,news from the company,the report,the headline,guidance,the jobs number,the outlook,the earnings call,news from brussels,inflation data,the rumour,the filing',
  is: 'is,are,looks,was,sounds,seems',
  bad: 'bad,ugly,good,terrible,great,mixed,out,not nice,awful,better than feared,worse than hoped,priced in',
  not: "i don't,i do not,we don't,i no longer,i don't really,i never",
  want: 'want,like,trust,need,wish for,care about,believe in,want to chase,want to lose,want to miss,wish to chase,want to hold,want to keep,want to watch,sleep well with,enjoy',
  that: ',that',
  can: "can,can't,may,will,do not,don't,could",
  rest: 'sleep,relax,go home,lose,lose on it,forget,miss it,worry,breathe,get hurt,concentrate,enjoy my holiday,walk the dog,watch the game,stop staring,regret it,get stopped on noise,have to watch it',
  no: 'no,without,there is no,no real,no particular',
  hurry: 'hurry,rush,stress,need to rush,drama,panic,reason,exception,pressure,fuss,need for speed',
  because: 'because,since,as,cause,for,cos,now that',
  event:
    'fed meeting,earnings,cpi,the weekend,opex,the holiday,a storm,the split,the election,the jobs report,bad weather,the close,vacation,the conference',
  comes: 'is coming,comes,is near,is tomorrow,is ahead,is upon us,is next,makes me nervous,scares me,is here',
  glad: "i'm happy,i am happy,i'm fine,happy,i am satisfied,i'm content,not happy,i'm unhappy,i am scared,i'm pleased,delighted",
  about: 'with,about',
  moves:
    "keeps falling,keeps climbing,is running,runs well,goes nowhere,is up nicely,is up,is down,bounces,rolls over,fades,holds up well,is flying,is bleeding,does nothing,is breaking out,went crazy,will not move,won't go up",
}

const listed = Object.fromEntries(Object.entries(parts).map(([name, words]) => [name, words.split(',')]))

/** A clause beside a request, drawn from its parts. */
export function reason(chance: Chance): string {
  return chance
    .pick(shapes)
    .replace(/\{(\w+)\}/g, (_, name: string) => chance.pick(listed[name]!))
    .replace(/\s+/g, ' ')
    .trim()
}
