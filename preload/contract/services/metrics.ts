/** The procedures about metrics. */
export const metricsService = {} as const
