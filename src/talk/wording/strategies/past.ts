/**
 * A line about how far a list of hits can be trusted: a screener is a filter; on made-up prices its list only shows how it works.
 */
export function trustLine(isSimulated: boolean): string {
  return isSimulated
    ? '⚠️ These prices are simulated, so the list shows how it works and says nothing about stocks'
    : '📐 A filter, and no edge by itself: `help screen` says how it did in the past'
}
