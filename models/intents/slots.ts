import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Chance } from '../random.ts'

const symbols = readFileSync(join(import.meta.dirname, 'symbols.txt'), 'utf8')
  .split(/\s+/)
  .filter(Boolean)
const tickers = symbols.filter((symbol) => /^[a-z]{2,5}$/.test(symbol))
const consonants = 'bcdfghjklmnpqrstvwxz'
const vowels = 'aeiouy'

const names =
  'john,mike,dave,sarah,anna,tom,steve,kevin,alex,chris,jim,bob,lisa,mark,peter,sam,nick,ben,jake,maria,jordan,the guy on tv,my buddy,this guy,that dude,my uncle,the boss,cathie,buffett,cramer,elon,burry,citadel,goldman,blackrock'.split(
    ',',
  )
const pasts =
  'yesterday,last week,last year,last month,on monday,on friday,in 2021,back in march,years ago,this morning,earlier,at the open,back in the day,two days ago,last night,a while ago,last summer,during covid'.split(
    ',',
  )
const zones =
  'Europe/Berlin,America/New_York,America/Chicago,America/Los_Angeles,Asia/Tokyo,Europe/London,Asia/Singapore,Australia/Sydney,berlin,london,new york,tokyo,chicago,la,paris,madrid,zurich,sydney,singapore,hong kong,CET,EST,PST,UTC,GMT,utc+2,pacific,eastern,central european,india,IST,dubai,toronto'.split(
    ',',
  )
const commandNames =
  'close,scaleout,buy,sell,trim,bracket,stop,target,trail,breakeven,pl,positions,orders,tasks,history,quote,chart,vwap,rsi,macd,atr,levels,watch,mute,alerts,digest,guardian,alias,close all,cancel all,flat,undo,advise,notify,timezone,move,add,long,short,schedule'.split(
    ',',
  )
const newWords =
  'puke,yeet,nuke,bye,dump,bail,gtfo,eject,peace,out,rip,moon,cash,banana,p,x,zz,tp,sl,be,adios,ciao,kill,boom,chill,snooze,wen,gib,moar,yolo,bags,book,what,gg,done,halve,foo,raus,weg,fertig'.split(
    ',',
  )
const timeframes =
  '1d,5m,15m,1h,4h,1w,1m,5d,1mo,5 min,5min,15 minute,daily,weekly,hourly,intraday,3 month,one year,1y,5 day,today'.split(
    ',',
  )
const durations =
  'an hour,the hour,2 hours,30 minutes,30 min,half an hour,10 min,5 minutes,the day,the afternoon,the next hour,45 mins,3h,90 minutes,the next few hours,a day,the session,20m,an hour or so,15 minutes'.split(
    ',',
  )
const fractions =
  'half,half,half,a third,a quarter,30%,50%,25%,1/2,1/3,1/4,20%,10 percent,two thirds,75%,three quarters,a half,80%,33%,60 percent,50 pct,a fifth,a tenth,40%'.split(
    ',',
  )
const speeds =
  'fast,slow,medium,smart,fast,slow,medium,quick,quickly,slowly,med,at medium speed,fast please,really slow,nice and slow'.split(
    ',',
  )

/** The slots that a frame may have between braces. */
export const slots: Record<string, (chance: Chance) => string> = {
  sym,
  n: quantity,
  p: price,
  '@p': (chance) => pricePhrase(chance),
  pct: (chance) => {
    const number = chance.pick(['1', '2', '3', '4', '5', '8', '10', '1.5', '2.5', '0.5', '12', '20', '7', '15'])
    return number + chance.pick(['%', '%', '%', '%', ' percent', ' pct', ' %'])
  },
  frac: (chance) => chance.pick(fractions),
  speed: (chance) => chance.pick(speeds),
  pos: (chance) => {
    const kind = chance.below(12)
    if (kind < 3) return 'it'
    if (kind < 4) return 'this'
    if (kind < 6) return sym(chance)
    if (kind < 8) return `my ${sym(chance)}`
    if (kind < 9) return 'my position'
    if (kind < 10) return `my ${sym(chance)} position`
    if (kind < 11) return `the ${sym(chance)} position`
    return chance.pick(['the position', 'this position', 'that', 'the trade', 'this trade', 'the lot'])
  },
  num: (chance) => chance.pick(['1', '2', '3', '4', '5', '6', '7', '8', '11', '12', '14', '23']),
  name: (chance) => chance.pick(names),
  past: (chance) => chance.pick(pasts),
  tz: (chance) => chance.pick(zones),
  tf: (chance) => chance.pick(timeframes),
  dur: (chance) => chance.pick(durations),
  word: (chance) => chance.pick(newWords),
  cmdname: (chance) => chance.pick(commandNames),
  time: clock,
  at: (chance) =>
    chance.pick([
      () => `at ${clock(chance)}`,
      () => `at ${clock(chance)}`,
      () => `at ${clock(chance)}`,
      () => `@ ${clock(chance)}`,
      () => 'at the close',
      () => 'at close',
      () => 'at the open',
      () => 'on the open',
      () => 'on the close',
      () => 'at the bell',
      () => `around ${clock(chance)}`,
      () => `tomorrow at ${clock(chance)}`,
      () => 'at noon',
      () => `at ${clock(chance)} et`,
    ])(),
  by: (chance) =>
    chance.pick([
      () => `by ${clock(chance)}`,
      () => `by ${clock(chance)}`,
      () => `before ${clock(chance)}`,
      () => 'before close',
      () => 'before the close',
      () => 'by the close',
      () => 'before the bell',
      () => 'by eod',
      () => 'by end of day',
      () => 'before lunch',
      () => `until ${clock(chance)}`,
      () => 'by noon',
      () => 'before the market closes',
    ])(),
  hours: (chance) =>
    chance.pick([
      '22-7',
      '22:00-07:00',
      '10pm-6am',
      '10pm to 7am',
      '23:00 07:00',
      '9pm - 8am',
      '22 to 6',
      '20:00-08:00',
    ]),
  dollars: (chance) =>
    chance.pick([
      '$500',
      '$2k',
      '5k',
      '$10,000',
      '2000 dollars',
      '1000 bucks',
      '10k',
      '$250',
      '500 bucks',
      '$1.2k',
      '20 grand',
    ]),
}

function sym(chance: Chance): string {
  const listed = chance.is(0.75)
  const ticker = listed ? chance.pick(tickers) : invented(chance)
  const kind = chance.below(10)
  if (kind < 4) return ticker
  if (kind < 8) return ticker.toUpperCase()
  if (kind < 9) return `$${ticker.toUpperCase()}`
  return `$${ticker}`
}

/** A made-up symbol of three to five letters. */
function invented(chance: Chance): string {
  const length = chance.pick([3, 4, 4, 4, 5])
  return Array.from({ length }, () => (chance.is(0.3) ? chance.pick([...vowels]) : chance.pick([...consonants]))).join(
    '',
  )
}

function quantity(chance: Chance): string {
  const round = chance.pick([1, 2, 3, 5, 10, 15, 20, 25, 40, 50, 75, 100, 150, 200, 250, 300, 400, 500, 800, 1000])
  const large = chance.pick([1000, 1200, 1500, 2000, 2500, 3000, 3750, 4000, 5000, 7500, 10000, 12500])
  return chance.pick([
    () => String(round),
    () => String(round),
    () => String(round),
    () => String(large),
    () => large.toLocaleString('en-US'),
    () => `${large / 1000}k`,
    () => `${chance.pick([1, 2, 3, 5, 10])}k`,
    () => chance.pick(['a hundred', 'two hundred', 'fifty', 'a thousand', 'ten', 'five hundred', 'a couple hundred']),
  ])()
}

function price(chance: Chance): string {
  const penny = (1 + chance.below(98)) / 100
  const dollars = chance.pick([1, 2, 3, 5, 8, 12, 14, 18, 22, 31, 45, 60, 77, 95, 110, 118, 120, 180, 251, 430])
  const cents = chance.below(100)
  const exact = `${dollars}.${String(cents).padStart(2, '0')}`
  return chance.pick([
    () => penny.toFixed(2),
    () => penny.toFixed(2).slice(1),
    () => `${Math.round(penny * 100)}c`,
    () => `$${penny.toFixed(2)}`,
    () => exact,
    () => exact,
    () => `$${exact}`,
    () => String(dollars),
    () => String(dollars),
    () => `$${dollars}`,
    () => `${dollars}.5`,
    () => `${Math.round(penny * 100)} cents`,
  ])()
}

function pricePhrase(chance: Chance): string {
  const said = price(chance)
  return chance.pick([`@ ${said}`, `@ ${said}`, `@${said}`, `at ${said}`, `at ${said}`, `at ${said}`, `for ${said}`])
}

function clock(chance: Chance): string {
  const hour = chance.pick([9, 10, 11, 12, 1, 2, 3, 4])
  const minute = chance.pick(['00', '05', '15', '30', '30', '45', '50', '55', '59'])
  const half = hour >= 9 && hour < 12 ? 'am' : 'pm'
  const late = half === 'pm' && hour < 12 ? hour + 12 : hour
  return chance.pick([
    `${hour}${half}`,
    `${hour}${half}`,
    `${hour}:${minute}${half}`,
    `${hour}:${minute} ${half}`,
    `${late}:${minute}`,
    `${hour}:${minute}`,
    `${hour} ${half}`,
  ])
}
