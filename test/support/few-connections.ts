/** A connection costs Postgres as much as a short test does; a desk opens fourteen when it is busy. */
export const fewConnections = { poolSize: 5, criticalPoolSize: 2 }
