/** A line with the migration since which no release uses the things that this file removes: `-- contract: since 031`. */
const permit = /^-- contract: since (\d{3})$/m

const name = String.raw`(?:if (?:not )?exists )?"?(\w+)"?`

/** The changes that break an older worker, with their pattern in a statement. */
const contractions: [what: string, pattern: RegExp][] = [
  ['drops a table', /^drop table\b/],
  ['drops a view', /^drop (?:materialized )?view\b/],
  ['drops a function', /^drop (?:function|procedure|trigger)\b/],
  ['drops a type', /^drop type\b/],
  ['drops a schema', /^drop schema\b/],
  [
    'drops a column',
    /^alter table\b.*\bdrop (?:column )?(?!constraint\b|default\b|not null\b|expression\b|identity\b)\w/,
  ],
  ['renames', /^alter (?:table|view|type|index|sequence|function|schema)\b.*\brename\b/],
  ['moves to another schema', /^alter \w+\b.*\bset schema\b/],
  ['changes a type', /^alter table\b.*\balter (?:column )?\w+ (?:set data )?type\b/],
  ['empties a table', /^truncate\b/],
  ['wants a value where there need be none', /^alter table\b.*\bset not null\b/],
  ['takes a default away', /^alter table\b.*\bdrop default\b/],
  ['takes a right away', /^revoke\b/],
]

/**
 * The reasons why an older release would fail beside the schema that a migration makes; empty when it continues to work.
 * Tables that the file itself creates are exempt.
 */
export function contractionsIn(file: string, text: string): string[] {
  const since = permit.exec(text)?.[1]
  if (since !== undefined && since < file.slice(0, 3)) return []
  const statements = statementsIn(text)
  const all = statements.join(';\n')
  const created = new Set([...all.matchAll(new RegExp(`create table ${name}`, 'g'))].map(([, table]) => table))
  const added = new Set([...all.matchAll(new RegExp(`add column ${name}`, 'g'))].map(([, column]) => column))
  return statements.flatMap((statement) => {
    if (created.has(new RegExp(`^alter table (?:only )?${name}`).exec(statement)?.[1])) return []
    const found = contractions.filter(([, pattern]) => pattern.test(statement)).map(([what]) => what)
    for (const column of addedColumns(statement)) {
      if (/\bnot null\b/.test(column) && !/\bdefault\b|\bgenerated\b/.test(column))
        found.push('wants a value that older releases do not give')
    }
    for (const [, constraint] of statement.matchAll(new RegExp(`add constraint ${name}`, 'g'))) {
      if (!new RegExp(`drop constraint (?:if exists )?"?${constraint}\\b`).test(all))
        found.push('refuses what older releases may write')
    }
    const unique = new RegExp(`^create unique index (?:concurrently )?${name} on (?:only )?"?(\\w+)"?(.*)`).exec(
      statement,
    )
    if (unique && !created.has(unique[2]) && ![...added].some((one) => new RegExp(`\\b${one}\\b`).test(unique[3]!))) {
      found.push('refuses what older releases may write')
    }
    return found.map((what) => `${what}: ${statement.slice(0, 80)}`)
  })
}

/** The statements of a file in lower case, without comments and bodies of functions. */
function statementsIn(text: string): string[] {
  return text
    .replace(/--[^\n]*/g, '')
    .replace(/\$(\w*)\$[\s\S]*?\$\1\$/g, "''")
    .toLowerCase()
    .split(';')
    .map((statement) => statement.replace(/\s+/g, ' ').trim())
    .filter(Boolean)
}

/** The columns between each `add column` and the next clause of the statement. */
function addedColumns(statement: string): string[] {
  if (!statement.startsWith('alter table')) return []
  return statement
    .split(/, (?=add |drop |alter )|(?=\badd column\b)/)
    .filter((clause) => clause.startsWith('add column'))
}
