const months =
  /^(jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|may|june?|july?|aug(ust)?|sept?(ember)?|oct(ober)?|nov(ember)?|dec(ember)?)$/
const day = /^([12]?\d|3[01])(st|nd|rd|th)?$/

/** The number of words of the date that begins at a word: `dec 1`, `1st of december`, `march 3 2027`; 0 when there is none. */
export function dateAt(words: string[], at: number): number {
  const word = (ahead: number) => words[at + ahead] ?? ''
  const year = (ahead: number) => Number(/^20\d\d$/.test(word(ahead)))
  if (months.test(word(0)) && day.test(word(1))) return 2 + year(2)
  if (!day.test(word(0))) return 0
  if (months.test(word(1))) return 2 + year(2)
  return word(1) === 'of' && months.test(word(2)) ? 3 + year(3) : 0
}
