/** The sources of sentiment, in the order of their values; the last one is all of them together. */
export const sentimentSources = ['news', 'reddit', 'x', 'all'] as const
export type SentimentSource = (typeof sentimentSources)[number]

/**
 * The values of a source, in their order. Ages are counted from the decision; scores are −1..1; `1d`, `7d` are the items of so
 * many days before it. Without a source all of its values are 0.
 */
export const sentimentValueNames = [
  ...['available', 'count_1d', 'count_7d', 'mean_1d', 'mean_3d', 'mean_7d', 'mean_30d', 'deviation_7d'],
  ...['positive_7d', 'negative_7d', 'max_7d', 'min_7d', 'ewma_2d', 'mean_1d_less_7d', 'count_z', 'age'],
  ...['publishers_7d', 'known_words_7d'],
] as const

/** The 72 names: `news_mean_7d`. */
export const sentimentNames: readonly string[] = sentimentSources.flatMap((source) =>
  sentimentValueNames.map((name) => `${source}_${name}`),
)
